from apps.engine.store import TermLog


def test_a_known_text_is_not_cut_again() -> None:
    seen: list[str] = []

    def cut(text: str) -> list[str]:
        seen.append(text)
        return text.split()

    log = TermLog(cut, capacity=2)
    first = log.counts("b a b")
    assert [(log.terms[i], n) for i, n in zip(first.ids, first.counts, strict=True)] == [("b", 2.0), ("a", 1.0)] or [
        (log.terms[i], n) for i, n in zip(first.ids, first.counts, strict=True)
    ] == [("a", 1.0), ("b", 2.0)]
    assert log.counts("b a b") is first
    assert seen == ["b a b"]


def test_the_longest_unused_text_is_forgotten_and_numbers_stay() -> None:
    log = TermLog(str.split, capacity=2)
    first = log.counts("a")
    log.counts("b")
    log.counts("a")
    log.counts("c")
    assert log.counts("a") is first
    again = log.counts("b")
    assert [log.terms[i] for i in again.ids] == ["b"]
    assert log.terms == ["a", "b", "c"]
