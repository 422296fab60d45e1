"""What the endpoints of cases read and answer."""
