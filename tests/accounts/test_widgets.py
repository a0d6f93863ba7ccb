"""What forms take from people: dates, times and postcodes as they are typed."""

from datetime import UTC, date, datetime, time

import pytest
from django.core.exceptions import ValidationError

from accounts import clock
from accounts.widgets import DateField, PostcodeField, TimeField

NOW = datetime(2025, 6, 4, 13, 30, tzinfo=UTC)  # Wednesday, 2:30pm in London


@pytest.fixture(autouse=True)
def _wednesday():
    with clock.at(NOW):
        yield


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        (["27", "3", "2009"], date(2009, 3, 27)),
        ([" 27 ", "March", "2009"], date(2009, 3, 27)),
        (["1", "sept", "2010"], date(2010, 9, 1)),
        (["4", "6", "2025"], date(2025, 6, 4)),
    ],
)
def test_a_date_is_taken_as_people_type_it(typed, day):
    assert DateField(latest=clock.today).clean(typed) == day


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        (["", "", ""], "Enter date of birth"),
        (["27", "", ""], "Date of birth must include a month and year"),
        (["31", "2", "2009"], "Date of birth must be a real date"),
        (["0", "1", "2009"], "Date of birth must be a real date"),
        (["1", "x", "2009"], "Date of birth must be a real date"),
        (["1", "-1", "2009"], "Date of birth must be a real date"),
        (["²", "1", "2009"], "Date of birth must be a real date"),
        (["27", "3", "09"], "The year must have 4 numbers, like 2009"),
        (["27", "3", "٢٠٠٩"], "The year must have 4 numbers, like 2009"),
        (["5", "6", "2025"], "Date of birth must be today or in the past"),
        (["1", "1", "0001"], "Date of birth must be 1 January 1900 or after"),
        (["9" * 5000, "1", "2009"], "Date of birth must be a real date"),
        (["1", "99999999999", "2009"], "Date of birth must be a real date"),
        (["99999999999999999999", "1", "2009"], "Date of birth must be a real date"),
    ],
)
def test_a_wrong_date_says_what_is_wrong(typed, sentence):
    with pytest.raises(ValidationError) as caught:
        DateField(subject="Date of birth", latest=clock.today).clean(typed)

    assert caught.value.messages == [sentence]


@pytest.mark.parametrize("typed", ["ng15dt", " NG1 5DT ", "Ng1-5dt", "n g 1 5 d t"])
def test_a_postcode_is_kept_in_one_spelling(typed):
    assert PostcodeField().clean(typed) == "NG1 5DT"


@pytest.mark.parametrize(
    "typed", ["NG", "NG1", "12345", "NG1 5D", "NG1 5DTX", "ÑG1 5DT", "GIR 0AA"]
)
def test_half_a_postcode_is_refused(typed):
    with pytest.raises(ValidationError, match="like NG1 5DT"):
        PostcodeField().clean(typed)


@pytest.mark.parametrize("typed", ["14:30", "2:30pm", "2.30 p.m.", "2:30 PM", "14.30"])
def test_a_time_is_taken_as_people_type_it(typed):
    assert TimeField().clean(typed) == time(14, 30)
