"""Log filter (日志脱敏): no line of a log tells who somebody is or how to reach him."""

from __future__ import annotations

import logging

from gongdao.core.kernel.masking import mask


class PersonalDataFilter(logging.Filter):
    """Masks the finished words of every record, its traceback included."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Mask the record and let it pass."""
        record.msg, record.args = mask(record.getMessage()), None
        if record.exc_info and not record.exc_text:
            record.exc_text = logging.Formatter().formatException(record.exc_info)
        if record.exc_text:
            record.exc_text = mask(record.exc_text)
        return True
