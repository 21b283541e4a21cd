namespace Portal.Web.Features.Rest.Problems;

/// <summary>A failure as programs read it (RFC 9457).</summary>
/// <param name="Type">Which kind: <c>urn:portal:problem:NAME</c>. Stable.</param>
/// <param name="Title">The kind in words.</param>
/// <param name="Status">The status of the answer.</param>
/// <param name="Detail">What happened this time, and what helps.</param>
/// <param name="Instance">The path that was asked.</param>
internal sealed record RestProblem(string Type, string Title, int Status, string Detail, string Instance)
{
    public const string MediaType = "application/problem+json";

    public static RestProblem Of(HttpContext context, ProblemKind kind, string detail) =>
        new(kind.Type, kind.Title, kind.Status, detail, context.Request.PathBase + context.Request.Path);
}
