"""Looking further for one need (按条件查找): its whole ranking, narrowed by what people choose, and picked from."""
