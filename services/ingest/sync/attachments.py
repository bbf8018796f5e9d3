"""What the attached papers tell: digitized, reused, from the citizen's storage, from population data, an electronic result."""

from services.ingest.sync.payload import Dossier
from services.ingest.sync.reading import Reading
from services.ingest.sync.values import flag, items, text

__all__ = ["papers_of", "results_of"]


def papers_of(dossier: Dossier, reading: Reading) -> dict[str, bool]:
    """The fields of `received` that `TaiLieuNop`, `DSKetNoiCSDL` and the flags beside them fill; deleted papers do not count.

    Raises:
        Rejected: a text where a list belongs.
    """
    papers = [paper for paper in items("TaiLieuNop", dossier.papers) if not flag(paper.deleted)]
    databases = {text(database.code) for database in items("DSKetNoiCSDL", dossier.databases)}
    from_storage = any(flag(paper.from_storage) for paper in papers)
    return {
        "components_digitized": flag(dossier.digitized)
        or any(flag(paper.digitized) or bool(paper.link) for paper in papers),
        "reused_data": any(text(paper.reused) in {"1", "2"} for paper in papers),
        "from_personal_storage": from_storage,
        "population_data": flag(dossier.vneid)
        or from_storage
        or not databases.isdisjoint(reading.population_databases),
    }


def results_of(dossier: Dossier) -> dict[str, bool]:
    """The fields of `processed` that `DanhSachGiayToKetQua` fills.

    Raises:
        Rejected: a text where a list belongs.
    """
    files = [result for result in items("DanhSachGiayToKetQua", dossier.results) if result.link]
    return {"result_file": bool(files), "result_coded": any(result.code for result in files)}
