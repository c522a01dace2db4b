"""The rows of the security matrix: for each verb, every way in which it can be asked for.

A verb without a row, and an operation of the API that no row asks for, fail the matrix.
"""

from __future__ import annotations

from gongdao.app.permissions import Verb
from tests.security.matrix_asks import Row
from tests.security.matrix_cases import CASE_ROWS
from tests.security.matrix_house import HOUSE_ROWS

ROWS: dict[Verb, Row] = CASE_ROWS | HOUSE_ROWS
