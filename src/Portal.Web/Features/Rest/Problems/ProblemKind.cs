namespace Portal.Web.Features.Rest.Problems;

/// <summary>
/// A kind of failure. Programs tell them apart by <paramref name="Name"/>, so none is ever renamed; <c>docs/rest-
/// api.md</c> lists them.
/// </summary>
/// <param name="Name">The end of the problem's <c>type</c>.</param>
/// <param name="Status">The status that it comes with.</param>
/// <param name="Title">The same in a few words, always.</param>
internal sealed record ProblemKind(string Name, int Status, string Title)
{
    private const string Beginning = "urn:portal:problem:";

    public static readonly ProblemKind InvalidRequest = new("invalid-request", 400, "The request can't be read");
    public static readonly ProblemKind InvalidCursor = new("invalid-cursor", 400, "The cursor is not one of this list's");
    public static readonly ProblemKind InvalidKey = new("invalid-idempotency-key", 400, "The idempotency key can't be used");
    public static readonly ProblemKind Unauthenticated = new("unauthenticated", 401, "This needs a token or a session");
    public static readonly ProblemKind AccessDenied = new("access-denied", 403, "A permission is missing");
    public static readonly ProblemKind ForgedRequest = new("forged-request", 403, "A session must prove that its own page asks");
    public static readonly ProblemKind NotFound = new("not-found", 404, "There is no such thing");
    public static readonly ProblemKind MethodNotAllowed = new("method-not-allowed", 405, "This can't be done here");
    public static readonly ProblemKind Conflict = new("conflict", 409, "The state of things is against it");
    public static readonly ProblemKind AlreadyExists = new("already-exists", 409, "There is one of that name");
    public static readonly ProblemKind InProgress = new("request-in-progress", 409, "The same request is under way");
    public static readonly ProblemKind PreconditionFailed = new("precondition-failed", 412, "It has changed meanwhile");
    public static readonly ProblemKind TooLarge = new("too-large", 413, "The body is too large");
    public static readonly ProblemKind UnsupportedMediaType = new("unsupported-media-type", 415, "The body must be JSON");
    public static readonly ProblemKind Refused = new("refused", 422, "It was refused");
    public static readonly ProblemKind InvalidArgument = new("invalid-argument", 422, "What was asked for can't be");
    public static readonly ProblemKind KeyReused = new("idempotency-key-reused", 422, "The idempotency key stands for another request");
    public static readonly ProblemKind PreconditionRequired = new("precondition-required", 428, "If-Match is missing");
    public static readonly ProblemKind TooManyRequests = new("too-many-requests", 429, "Too many requests");
    public static readonly ProblemKind Internal = new("internal", 500, "The portal failed");
    public static readonly ProblemKind AgentTooOld = new("agent-too-old", 501, "The node's agent does not know this");
    public static readonly ProblemKind NodeFailed = new("node-failed", 502, "The node failed");
    public static readonly ProblemKind Unavailable = new("unavailable", 503, "Not now");
    public static readonly ProblemKind NodeUnavailable = new("node-unavailable", 503, "The node does not answer");
    public static readonly ProblemKind NodeTimeout = new("node-timeout", 504, "The node did not answer in time");

    /// <summary>All of them, by status.</summary>
    public static IReadOnlyList<ProblemKind> All { get; } =
    [
        InvalidRequest, InvalidCursor, InvalidKey, Unauthenticated, AccessDenied, ForgedRequest, NotFound, MethodNotAllowed, Conflict,
        AlreadyExists, InProgress, PreconditionFailed, TooLarge, UnsupportedMediaType, Refused, InvalidArgument, KeyReused,
        PreconditionRequired, TooManyRequests, Internal, AgentTooOld, NodeFailed, Unavailable, NodeUnavailable, NodeTimeout,
    ];

    public string Type => Beginning + Name;

    /// <summary>The first of a status, for an answer that nobody said more about.</summary>
    public static ProblemKind Of(int status) => All.FirstOrDefault(kind => kind.Status == status)
        ?? (status < 500 ? InvalidRequest with { Status = status } : Internal with { Status = status });
}
