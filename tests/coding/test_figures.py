"""Shares that sentences state."""

import pytest

from pipeline.coding.figures import stated_share


@pytest.mark.parametrize(
    ("text", "share"),
    [
        ("more than 20 per cent of assessed contributions", 0.2),
        ("about 2.5% of the budget", 0.025),
        ("2,500 of the 9,900 troops", 2500 / 9900),
        ("a quarter of the force", 0.25),
        ("百分之二十以上的摊款", 0.2),
        ("约百分之二点五", 0.025),
        ("占四分之一", 0.25),
        ("a growth of 150 per cent", None),
        ("on 24 September 2003, 1,800 soldiers", None),
        ("", None),
    ],
)
def test_stated_share(text: str, share: float | None) -> None:
    assert stated_share(text) == (None if share is None else pytest.approx(share))
