"""A worksheet written downwards, and set up to be printed: A4, as wide as the page, Times New Roman 13 (Decree 30/2020/NĐ-CP)."""

from collections.abc import Iterator, Sequence
from textwrap import wrap
from typing import Any, Final, NamedTuple

from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook

from services.api.page.figures import NO_DATA

__all__ = ["FONT", "Cell", "Paper", "Styles", "Value", "or_dash"]

FONT: Final = {"font_name": "Times New Roman", "font_size": 13}

Value = str | int | float | None

_A4: Final = 9
_LINE: Final = 17.5
"""Height of a line of text, points. Rows get their height here: what spreadsheets make of wrapped text by themselves differs."""

_LOOKS: Final[dict[str, dict[str, Any]]] = {
    "bold": {"bold": True},
    "italic": {"italic": True},
    "underlined": {"underline": 1},
    "title": {"bold": True, "font_size": 15},
    "small": {"font_size": 11},
    "center": {"align": "center"},
    "right": {"align": "right"},
    "wrap": {"text_wrap": True},
    "text": {"text_wrap": True, "align": "left", "indent": 1},
    "cell": {"border": 1},
    "head": {"border": 1, "bold": True, "align": "center", "text_wrap": True, "bg_color": "#E7EDF3"},
    "group": {"bg_color": "#F4F6F8", "bold": True},
    # numbers are numbers: whether 1.234,56 or 1,234.56 is shown is up to the reader's locale; `_)` keeps them off the border
    "count": {"num_format": "#,##0_)", "align": "right"},
    "weighted": {"num_format": "#,##0.0000_)", "align": "right"},
    "points": {"num_format": "#,##0.00_)", "align": "right"},
    "change": {"num_format": "+#,##0.00_);-#,##0.00_);0.00_)", "align": "right"},
    "count_change": {"num_format": "+#,##0_);-#,##0_);0_)", "align": "right"},
    "most": {"num_format": "General_)", "align": "right"},
    "share": {"num_format": "0.00%_)", "align": "right"},
    "seconds": {"num_format": '#,##0 "s"_)', "align": "right"},
}


class Styles:
    """The formats of a workbook, by the names of their looks: `styles("cell count bold")`."""

    def __init__(self, book: Workbook) -> None:
        self._book = book
        self._made: dict[str, Format] = {}

    def __call__(self, looks: str) -> Format:
        if looks not in self._made:
            merged: dict[str, Any] = dict(FONT) | {"valign": "vcenter"}
            for name in looks.split():
                merged |= _LOOKS[name]
            self._made[looks] = self._book.add_format(merged)
        return self._made[looks]


class Cell(NamedTuple):
    """What stands in a cell and how it looks; ``span``: over how many columns."""

    value: Value
    looks: str = ""
    span: int = 1


def or_dash(value: Value, looks: str) -> Cell:
    """A dash where there is nothing to count: never a zero."""
    return Cell(NO_DATA, f"{looks} center") if value is None else Cell(value, looks)


class Paper:
    """One worksheet.

    Args:
        book: to which it is added.
        styles: of the book.
        name: of the sheet.
        widths: of the columns, characters.
        footer: printed below each page (header and footer codes of Excel).
    """

    def __init__(self, book: Workbook, styles: Styles, name: str, widths: Sequence[float], footer: str) -> None:
        self._sheet = book.add_worksheet(name)
        self._styles = styles
        self._widths = widths
        self._row = 0
        for column, width in enumerate(widths):
            self._sheet.set_column(column, column, width, styles(""))
        self._sheet.set_paper(_A4)
        self._sheet.set_landscape()
        self._sheet.set_margins(left=0.5, right=0.5, top=0.7, bottom=0.7)
        self._sheet.fit_to_pages(1, 0)
        self._sheet.center_horizontally()
        self._sheet.set_footer(f'&C&"{FONT["font_name"]}"&10{footer}')
        self._sheet.hide_gridlines()

    @property
    def width(self) -> int:
        """How many columns there are."""
        return len(self._widths)

    @property
    def half(self) -> int:
        """How many columns make about half of the width."""
        passed, half = 0.0, sum(self._widths) / 2
        for column, width in enumerate(self._widths):
            if passed + width / 2 > half:
                return max(column, 1)
            passed += width
        return len(self._widths)

    def skip(self, rows: int = 1) -> None:
        """Leave rows empty."""
        self._row += rows

    def line(self, *cells: Cell) -> None:
        """Write a row from its first column on."""
        column, lines = 0, 1
        for cell in cells:
            last = column + cell.span - 1
            if cell.span > 1:
                self._sheet.merge_range(self._row, column, self._row, last, "", self._styles(cell.looks))
            self._put(self._row, column, cell)
            lines = max(lines, self._lines(cell.value, column, last))
            column = last + 1
        self._sheet.set_row(self._row, lines * _LINE)
        self._row += 1

    def text(self, value: str, looks: str = "") -> None:
        """Write a text over the whole width."""
        self.line(Cell(value, f"wrap {looks}", self.width))

    def head(self, *rows: Sequence[str], looks: str = "head") -> None:
        """Write the heading of a table, which is printed again on each page.

        A text that the cell to its left or above says, too, is written once, across them.
        """
        first, lines = self._row, [1] * len(rows)
        for area in _areas(rows):
            top, bottom = first + area.top, first + area.bottom
            if area.is_several:
                self._sheet.merge_range(top, area.left, bottom, area.right, "", self._styles(looks))
            self._put(top, area.left, Cell(area.text, looks))
            if area.top == area.bottom:
                lines[area.top] = max(lines[area.top], self._lines(area.text, area.left, area.right))
        for row, needed in enumerate(lines):
            self._sheet.set_row(first + row, needed * _LINE)
        self._row += len(rows)
        self._sheet.repeat_rows(first, self._row - 1)

    def _lines(self, value: Value, first: int, last: int) -> int:
        """How many lines a text takes in these columns; a letter is at most as wide as a digit, on the whole."""
        room = int(sum(self._widths[first : last + 1])) - 1
        return len(wrap(value, room)) if isinstance(value, str) else 1

    def _put(self, row: int, column: int, cell: Cell) -> None:
        style = self._styles(cell.looks)
        if cell.value is None:
            self._sheet.write_blank(row, column, None, style)
        elif isinstance(cell.value, str):
            self._sheet.write_string(row, column, cell.value, style)  # never a formula, whatever it begins with
        else:
            self._sheet.write_number(row, column, cell.value, style)


class _Area(NamedTuple):
    text: str
    top: int
    left: int
    bottom: int
    right: int

    @property
    def is_several(self) -> bool:
        return (self.top, self.left) != (self.bottom, self.right)


def _areas(rows: Sequence[Sequence[str]]) -> Iterator[_Area]:
    """Cells that say the same side by side, else one below the other, taken together."""
    taken: set[tuple[int, int]] = set()
    for top, row in enumerate(rows):
        for left, text in enumerate(row):
            if (top, left) in taken:
                continue
            right, bottom = left, top
            while right + 1 < len(row) and row[right + 1] == text:
                right += 1
            while right == left and bottom + 1 < len(rows) and rows[bottom + 1][left] == text:
                bottom += 1
            taken |= {(line, column) for line in range(top, bottom + 1) for column in range(left, right + 1)}
            yield _Area(text, top, left, bottom, right)
