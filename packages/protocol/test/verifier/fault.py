"""The first thing found wrong, with its place."""


class Fault(Exception):
    """A code and the place: any of account, seq, item and root."""

    def __init__(self, code, **place):
        super().__init__(code)
        self.code, self.place = code, place
