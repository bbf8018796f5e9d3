"""What stands on a page of metrics."""

from prometheus_client.parser import text_string_to_metric_families

from services.common.exposition import ServiceMetrics


def test_a_family_is_worked_out_when_the_page_is_made_and_any_label_can_be_read_back():
    service = ServiceMetrics("api")
    family = service.family("nhip_api_unit_late_dossiers_total", "counter", "Dossiers of a unit", "unit", "province")
    odd = 'một "cửa"\\7\n'
    service.collect(lambda: {family: family.lines([family.labelled(odd, "H01"), family.labelled("a", "")], [3, 1.5])})
    page = service.page().decode()
    assert "# TYPE nhip_api_unit_late_dossiers_total counter\n" in page
    (found,) = (each for each in text_string_to_metric_families(page) if each.name == "nhip_api_unit_late_dossiers")
    assert [(sample.labels, sample.value) for sample in found.samples] == [
        ({"unit": odd, "province": "H01"}, 3),
        ({"unit": "a", "province": ""}, 1.5),
    ]
