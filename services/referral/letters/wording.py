"""The words on the paper, in Indonesian: a letter goes from one Indonesian office to another."""

from datetime import datetime
from typing import TypedDict

from services.referral.domain.calendar import Zone
from services.referral.letters.letter import Letter, spelled

MONTHS = (
    *("Januari", "Februari", "Maret", "April", "Mei", "Juni"),
    *("Juli", "Agustus", "September", "Oktober", "November", "Desember"),
)
OFFICE = "Dinas Sosial"
SIGNED_AS = "Kepala Dinas Sosial"


class Labelled(TypedDict):
    label: str
    value: str


class Sheet(TypedDict):
    """What letter.typ prints, text by text."""

    title: str
    government: str
    office: str
    network: str
    number: str
    agency: str
    opening: str
    facts: list[Labelled]
    reasons: list[Labelled]
    no_reasons: str
    caution: str
    request: str
    answers: list[str]
    afterwards: str
    identity: str
    code_alt: str
    check: str
    check_at: str
    spelled: list[str]
    place_and_day: str
    signed_as: str
    signing: str


def sheet_of(letter: Letter) -> Sheet:
    """Every text of the letter."""
    return Sheet(
        title="Surat Rujukan",
        government=f"Pemerintah {letter.regency}",
        office=OFFICE,
        network="Sistem Layanan dan Rujukan Terpadu (SLRT)",
        number=letter.number,
        agency=letter.agency,
        opening=(
            "Dengan hormat, kami merujuk sebuah keluarga kepada instansi Saudara untuk program di bawah ini dan mohon "
            "agar ditangani sesuai kewenangan Saudara."
        ),
        facts=[
            Labelled(label="Nomor kasus", value=letter.case_number),
            Labelled(label="Program", value=letter.programme),
            Labelled(label="Asal keluarga", value=letter.village),
            Labelled(label="Rujukan diterbitkan", value=day(letter.issued_at, letter.zone)),
            Labelled(label="Mohon jawaban sampai", value=moment(letter.due_at, letter.zone)),
        ],
        reasons=[Labelled(label=reason.criterion, value=reason.explanation) for reason in letter.reasons],
        no_reasons=f"Diputuskan oleh {OFFICE} atas permintaan keluarga.",
        caution=""
        if letter.thresholds_verified
        else "Ambang batas program ini mengikuti praktik yang berlaku dan belum ditetapkan dengan peraturan.",
        request="Jawablah melalui halaman instansi Saudara pada sistem SLRT, dengan salah satu dari:",
        answers=[
            "menerima rujukan, lalu melaporkan hasilnya setelah selesai ditangani; atau",
            "menolak dengan alasan: di luar wilayah, bukan layanan kami, dokumen tidak lengkap, tidak ada kapasitas, "
            "atau tidak memenuhi syarat.",
        ],
        afterwards=(
            "Tanpa jawaban sampai batas waktu, rujukan ini tidak berlaku lagi dan keluarga diajukan kepada instansi "
            "lain. Bila warga sedang ditunggu melengkapi berkas, batas waktu mundur; yang berlaku tertera pada halaman "
            "instansi Saudara."
        ),
        identity=(
            f"Surat ini sengaja tidak memuat nama atau NIK: {OFFICE} tidak menyimpannya. Identitas warga hanya ada "
            f"pada Puskesos {letter.village}. Warga datang sendiri dengan tanda terima Puskesos yang memuat nomor "
            "kasus ini. Bila perlu menghubungi warga lebih dahulu, mintalah kepada Puskesos tersebut dengan "
            "menyebut nomor kasus dan keperluannya; Puskesos memberikannya bila pada kasus ini tercatat dasar "
            "hukum untuk berbagi dengan instansi (UU 27/2022 tentang Pelindungan Data Pribadi)."
        ),
        code_alt="Kode QR menuju halaman pemeriksaan keaslian surat",
        check="Periksa keaslian surat ini dengan kode QR, atau ketikkan kodenya di",
        check_at=letter.confirmed_at.rsplit("/", 1)[0],
        spelled=["-".join(spelled(letter.code).split("-")[part : part + 4]) for part in (0, 4)],
        place_and_day=f"{_town(letter.regency)}, {day(letter.made_out_at, letter.zone)}",
        signed_as=SIGNED_AS,
        signing=(
            f"Diputuskan secara elektronik oleh {SIGNED_AS} (manajer SLRT) pada "
            f"{moment(letter.decided_at, letter.zone)}."
        ),
    )


def day(at: datetime, zone: Zone) -> str:
    """23 November 2026."""
    local = at.astimezone(zone.offset)
    return f"{local.day} {MONTHS[local.month - 1]} {local.year}"


def moment(at: datetime, zone: Zone) -> str:
    """23 November 2026 pukul 16.00 WIB."""
    local = at.astimezone(zone.offset)
    return f"{day(at, zone)} pukul {local:%H.%M} {zone.value}"


def _town(regency: str) -> str:
    """Where a letter is dated: Cianjur of Kabupaten Cianjur."""
    return regency.removeprefix("Kabupaten ").removeprefix("Kota ")
