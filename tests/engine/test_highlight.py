from apps.engine.highlight import highlight_spans


def test_spans_are_found_in_the_raw_text_whatever_the_width_and_case() -> None:
    text = "采用ＡＧＶ小车与agv调度"
    assert [text[a:b] for a, b in highlight_spans(text, ["AGV"])] == ["ＡＧＶ", "agv"]


def test_overlapping_terms_give_the_longer_span_once() -> None:
    text = "激光熔覆层与激光器"
    assert [text[a:b] for a, b in highlight_spans(text, ["激光", "激光熔覆", "熔覆层"])] == ["激光熔覆", "激光"]


def test_a_latin_word_is_not_marked_inside_another() -> None:
    assert highlight_spans("FAILED led", ["LED"]) == [(7, 10)]


def test_blank_and_absent_terms_mark_nothing() -> None:
    assert highlight_spans("激光", ["", " ", "焊接"]) == []


def test_a_simplified_term_is_marked_in_a_traditional_text_at_its_place() -> None:
    text = "採用鐳射熔覆與電鍍廢水處理"
    assert [text[a:b] for a, b in highlight_spans(text, ["电镀废水", "熔覆"])] == ["熔覆", "電鍍廢水"]
