"""The refusals that NGSI-LD names: error types of ETSI GS CIM 009, table 6.3.2-1, as problems of the kernel."""

from simos.kernel.errors import Problem

ERRORS = "https://uri.etsi.org/ngsi-ld/errors/"


class InvalidRequest(Problem):
    """The request is not one: not JSON, or a parameter that makes no sense."""

    status, type, title = 400, ERRORS + "InvalidRequest", "Invalid request"


class BadRequestData(Problem):
    """The request is one, but its content breaks a rule."""

    status, type, title = 400, ERRORS + "BadRequestData", "Bad request data"


class AlreadyExists(Problem):
    """There is one already."""

    status, type, title = 409, ERRORS + "AlreadyExists", "Already exists"


class OperationNotSupported(Problem):
    """The standard has it, we do not."""

    status, type, title = 422, ERRORS + "OperationNotSupported", "Operation not supported"


class ResourceNotFound(Problem):
    """No such entity, attribute, subscription..."""

    status, type, title = 404, ERRORS + "ResourceNotFound", "Resource not found"


class InternalError(Problem):
    """Our own fault."""

    status, type, title = 500, ERRORS + "InternalError", "Internal error"


class TooComplexQuery(Problem):
    """The query would cost too much."""

    status, type, title = 403, ERRORS + "TooComplexQuery", "Too complex query"


class TooManyResults(Problem):
    """The answer would be too long."""

    status, type, title = 403, ERRORS + "TooManyResults", "Too many results"


class LdContextNotAvailable(Problem):
    """An `@context` that is named cannot be had. 504 since level 1.9.1; it was 503 before."""

    status, type, title = 504, ERRORS + "LdContextNotAvailable", "JSON-LD context not available"


class NoMultiTenantSupport(Problem):
    """Tenants are not supported where this was asked."""

    status, type, title = 501, ERRORS + "NoMultiTenantSupport", "No multi-tenant support"


class NonexistentTenant(Problem):
    """No such tenant."""

    status, type, title = 404, ERRORS + "NonexistentTenant", "Nonexistent tenant"


class NotAcceptable(Problem):
    """The asker takes none of the media types that we have."""

    status, title = 406, "Not acceptable"


class LengthRequired(Problem):
    """The request does not say how long its body is."""

    status, title = 411, "Length required"


class PayloadTooLarge(Problem):
    """The body is longer than we take."""

    status, title = 413, "Payload too large"


class UnsupportedMediaType(Problem):
    """The body is of a media type that we do not read."""

    status, title = 415, "Unsupported media type"
