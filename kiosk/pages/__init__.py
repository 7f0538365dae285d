"""The pages as every origin serves them: the server, and each device's own loopback.

Both give out the same built files (``built``), the same sentences and the same fonts
(``fonts``), under the same policy (``headers``); ``routes`` puts them on an app.
"""
