from collections import Counter

import pytest

from contracts.events import EVENTS, CaseResolved, PartnerReferralAnswered, PartnerReferralIssued
from contracts.manifest import Manifest, ManifestError, Party

SERVICES = ("intake", "referral", "notification", "reporting")


@pytest.fixture(scope="module")
def manifest() -> Manifest:
    return Manifest.load()


def a_list(*topics: str) -> str:
    defaults = (
        "defaults: {partitions: {embedded: 6, production: 48}, retention: unlimited,"
        " compatibility: closed_writer_open_reader}\n"
    )
    return defaults + "topics:\n" + "".join(f"  - {{{topic}}}\n" for topic in topics)


A_TOPIC = "name: roof.mended, owner: intake, readers: [reporting], subject: case, personal_data: none, says: x"


def test_every_event_has_one_topic_and_every_topic_in_use_one_event(manifest: Manifest) -> None:
    carried = Counter(topic.model for topic in manifest.topics if not topic.is_planned)

    assert carried == Counter(EVENTS)


def test_every_topic_of_the_design_is_listed(manifest: Manifest) -> None:
    assert {topic.name for topic in manifest.topics} == {
        "complaint.created", "complaint.amended", "complaint.answered", "complaint.withdrawn",
        "case.reopened", "case.closed", "case.rated", "consent.withdrawn",
        "referral.consent.confirmed", "notification.consent.confirmed", "reporting.consent.confirmed",
        "case.assessed", "case.decided", "case.escalated", "case.resolved",
        "referral.issued", "referral.answered", "referral.expired", "eligibility.changed",
        "partner.<agency>.referral.issued", "partner.<agency>.referral.answered",
        "partner.<agency>.answer.refused", "notification.delivered", "notification.failed",
    }  # fmt: skip


def test_what_is_only_planned_is_neither_heard_nor_said(manifest: Manifest) -> None:
    planned = {topic for topic in manifest.topics if topic.is_planned}
    in_use = {t for party in Party for t in (*manifest.read_by(party), *manifest.published_by(party))}

    assert planned and not planned & in_use
    assert in_use == set(manifest.topics) - planned


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_does_not_hear_itself(manifest: Manifest, service: str) -> None:
    assert not set(manifest.read_by(service)) & set(manifest.published_by(service))


def test_an_agency_reads_its_feed_and_writes_its_answers(manifest: Manifest) -> None:
    assert [topic.name for topic in manifest.published_by("agency")] == ["partner.<agency>.referral.answered"]
    assert [topic.name for topic in manifest.read_by("agency")] == [
        "partner.<agency>.referral.issued",
        "partner.<agency>.answer.refused",
    ]


def test_a_partner_topic_gets_its_name_from_the_agency(manifest: Manifest) -> None:
    name = manifest.name_of(PartnerReferralIssued, "cianjur-health")

    assert name == "partner.cianjur-health.referral.issued"
    assert manifest.topic(name).model is PartnerReferralIssued


def test_a_topic_is_found_by_its_plain_name(manifest: Manifest) -> None:
    assert manifest.topic(manifest.name_of(CaseResolved)).model is CaseResolved


@pytest.mark.parametrize(("model", "agency"), [(PartnerReferralAnswered, None), (CaseResolved, "cianjur-health")])
def test_an_agency_is_named_exactly_where_the_topic_wants_one(
    manifest: Manifest, model: type, agency: str | None
) -> None:
    with pytest.raises(ManifestError, match="agency"):
        manifest.name_of(model, agency)


@pytest.mark.parametrize("agency", ["", "a.b", "*", "Cianjur", "../x", "a b"])
def test_an_agency_cannot_reach_another_topic_through_its_code(manifest: Manifest, agency: str) -> None:
    with pytest.raises(ManifestError, match="code"):
        manifest.name_of(PartnerReferralAnswered, agency)


def test_the_pattern_of_a_template_finds_every_agency_and_tells_which(manifest: Manifest) -> None:
    topic = manifest.topic_of(PartnerReferralAnswered)

    assert manifest.topic("partner.tomohon-health.referral.answered") is topic
    with pytest.raises(ManifestError, match="no topic"):
        manifest.topic("partner.a.b.referral.answered")


def test_what_has_to_exist_is_every_topic_in_use_once_and_each_agencys_own(manifest: Manifest) -> None:
    names = manifest.names(["cianjur-health", "tomohon-health"])

    assert len(names) == len(set(names)) == len(EVENTS) - 3 + 2 * 3
    assert "partner.tomohon-health.answer.refused" in names
    assert not any("<" in name for name in names)


def test_facts_are_kept_for_ever_in_a_fixed_number_of_partitions(manifest: Manifest) -> None:
    assert {(t.partitions.embedded, t.partitions.production, t.retention_ms) for t in manifest.topics} == {(6, 48, -1)}


def test_a_topic_listed_twice_would_have_two_owners() -> None:
    second = A_TOPIC.replace("owner: intake", "owner: referral")

    with pytest.raises(ManifestError, match=r"more than one owner: roof\.mended"):
        Manifest.parse(a_list(A_TOPIC, second))


def test_an_owner_is_not_its_own_reader() -> None:
    with pytest.raises(ManifestError, match="both owns and reads"):
        Manifest.parse(a_list(A_TOPIC.replace("[reporting]", "[intake, reporting]")))


@pytest.mark.parametrize(
    "text", ["", "topics: [", "topics: []", a_list("name: roof.mended"), a_list(A_TOPIC + ", colour: red")]
)
def test_a_broken_list_is_refused(text: str) -> None:
    with pytest.raises(ManifestError, match="cannot be read"):
        Manifest.parse(text)
