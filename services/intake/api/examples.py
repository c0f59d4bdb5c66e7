"""Examples for the OpenAPI document. Everybody in them is invented (NIK serial 0000)."""

from fastapi.openapi.models import Example

CASE = "01936d00-0000-7000-8000-000000000001"

RECORDING: dict[str, Example] = {
    "mother": {
        "summary": "A mother wants PKH and KIP for her children (home visit)",
        "description": "One child is ill and its insurance is not active; the younger one was never registered.",
        "value": {
            "case_id": CASE,
            "area": "32.03.02.2002",
            "kind": "participation",
            "sector": "social_assistance",
            "subject_kind": "family",
            "needs": ["pkh", "kip", "pbi_jk"],
            "channel": "home_visit",
            "story": "Asks for help with school for both children; the elder is ill.",
            "family": {
                "card": "3203020101200001",
                "members": [
                    {
                        "name": "Ibu Rekaan",
                        "nik": "3203025705900000",
                        "born": "1990-05-17",
                        "sex": "female",
                        "relation": "head",
                        "contact": {"preferred": "email", "email": "ibu@rekaan.example", "language": "id"},
                    },
                    {
                        "name": "Anak Pertama",
                        "nik": "3203020102140000",
                        "born": "2014-02-01",
                        "sex": "male",
                        "relation": "child",
                        "conditions": ["pupil", "ill_without_active_insurance"],
                    },
                    {
                        "name": "Anak Kedua",
                        "nik_absence": "child_not_registered",
                        "born": "2018-08-09",
                        "sex": "female",
                        "relation": "child",
                        "conditions": ["pupil"],
                    },
                ],
                "registry": {"listed": True, "decile": 2, "period": "2026-Q3"},
                "legal_bases": [
                    {"member": 0, "purpose": "notify", "basis": "consent", "proof": "spoken_before_witness"}
                ],
            },
            "reporter": 0,
        },
    },
    "enquiry": {
        "summary": "Somebody asks at the desk, about the community",
        "value": {
            "case_id": "01936d00-0000-7000-8000-000000000002",
            "area": "71.73.01.1007",
            "kind": "enquiry",
            "sector": "social_assistance",
            "subject_kind": "community",
            "channel": "desk",
            "story": "Asks when the next distribution is.",
        },
    },
}
