"""The summary of a referral as PDF: what it says, to whom, in any script."""

import unicodedata
from io import BytesIO
from typing import Any

import pypdf
import pytest

from casework.models import Viewing
from casework.workflow import move
from referrals.models import Referral
from tests.personas import Cast
from waymark.demo import making

NAMES = ["Siobhán O'Brien <x>", "Żółć Wiśniewski", "محمد الأحمد", "Jo & <b>Bold</b>"]


def read(client: Any, referral: Referral) -> pypdf.PdfReader:
    answer = client.get(f"{referral.home()}summary.pdf")
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/pdf"
    return pypdf.PdfReader(BytesIO(b"".join(answer.streaming_content)))


def words(document: pypdf.PdfReader) -> str:
    """Its text on one line; letters that are drawn joined come apart again."""
    text = " ".join(page.extract_text() for page in document.pages)
    return " ".join(unicodedata.normalize("NFKC", text).split())


def refer(world: Any, **changes: Any) -> Referral:
    return making.refer(by=world.alex, programme=world.programme, **changes)


@pytest.mark.parametrize("name", NAMES)
def test_names_and_words_come_out_of_the_document_as_they_went_in(world, sign_in, name):
    said = f"{name} said: “<script>alert(1)</script> & so on”."
    referral = refer(world, legal_name=name, happened=said)

    text = words(read(sign_in(world.alex), referral))

    assert name in text
    assert "“<script>alert(1)</script> & so on”." in text


def test_the_document_says_who_may_read_it_and_keeps_names_out_of_its_title(world, sign_in):
    referral = refer(world)

    document = read(sign_in(world.cora), referral)

    assert "For Cora Invented only" in words(document)
    assert document.metadata and document.metadata.title == f"Referral {referral.reference}"
    answer = sign_in(world.cora).get(f"{referral.home()}summary.pdf")
    assert f"referral-{referral.reference}.pdf" in answer["Content-Disposition"]


def test_a_mentor_takes_home_no_risk_and_no_address(world, sign_in):
    referral = Cast(world).referral("active")

    text = words(read(sign_in(world.max), referral))

    assert making.TYPED["risk"]["what_to_do"] in text
    assert making.TYPED["risk"]["fact"] not in text
    assert making.TYPED["why-now"]["happened"] not in text
    assert "Invented Street" not in text and "High risk" not in text


def test_a_coordinator_reads_all_of_it_but_a_hidden_address(world, sign_in):
    referral = refer(world, is_protected="on", from_others="high")

    text = words(read(sign_in(world.cora), referral))

    assert making.TYPED["risk"]["fact"] in text and "High risk from others" in text
    assert "Invented Street" not in text and "Hidden, to keep them safe" in text


def test_its_referrer_reads_their_words_and_a_stage_and_nothing_of_triage(world, sign_in):
    referral = Cast(world).referral("held")

    text = words(read(sign_in(world.alex), referral))

    assert making.TYPED["risk"]["fact"] in text and "Being looked at" in text
    assert "Held" not in text and "risk tier" not in text.lower()


def test_a_colleague_reads_the_stage_and_none_of_the_words(world, sign_in):
    referral = refer(world)
    school = referral.organisation
    school.team_sees_referrals = True
    school.save()

    text = words(read(sign_in(world.bea), referral))

    assert "Received" in text
    assert making.TYPED["risk"]["fact"] not in text and "Invented Street" not in text


def test_the_referrer_learns_first_names_only(world, sign_in):
    referral = Cast(world).referral("active")

    text = words(read(sign_in(world.alex), referral))

    assert "Max (mentor)" in text and "Max Invented" not in text


def test_drawing_one_is_recorded_and_a_draft_has_none(world, sign_in):
    referral, cora = refer(world), sign_in(world.cora)

    read(cora, referral)

    assert Viewing.objects.of(referral).filter(what="pdf", viewer=world.cora).exists()
    draft = making.draft(by=world.alex, programme=world.programme)
    assert sign_in(world.alex).get(f"{draft.home()}summary.pdf").status_code == 403


def test_a_usual_one_fits_on_one_page(world, sign_in):
    referral = refer(world, from_others="high")

    assert len(read(sign_in(world.cora), referral).pages) == 1


def test_somebody_from_elsewhere_gets_none(world, sign_in):
    referral = refer(world)

    for who in ("sam", "ana", "mia"):
        assert sign_in(getattr(world, who)).get(f"{referral.home()}summary.pdf").status_code == 404


def test_long_words_run_over_pages(world, sign_in):
    said = "It happened repeatedly. " * 80
    referral = refer(world, happened=said.strip(), fact=said.strip(), opinion=said.strip())
    referral = move(referral, "start_triage", by=world.cora)

    document = read(sign_in(world.cora), referral)

    assert len(document.pages) > 1
    assert words(document).count("repeatedly") == 3 * 80
    assert f"Page 2 of {len(document.pages)}" in words(document)
