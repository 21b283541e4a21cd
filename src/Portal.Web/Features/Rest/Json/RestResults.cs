using Portal.Web.Features.Rest.Problems;

namespace Portal.Web.Features.Rest.Json;

/// <summary>Answers in the API's JSON.</summary>
internal static class RestResults
{
    public static IResult Ok<T>(T value) => Results.Json(value, RestJson.Options);

    public static IResult Created<T>(HttpContext context, string location, T value)
    {
        context.Response.Headers.Location = RestApi.Path + location;
        return Results.Json(value, RestJson.Options, statusCode: StatusCodes.Status201Created);
    }

    public static IResult NoContent() => Results.NoContent();

    /// <summary>Nothing, or why it was refused.</summary>
    public static IResult Done(string? error) => error is null ? Results.NoContent() : throw Refused(error);

    public static RestProblemException Refused(string error) => new(ProblemKind.Refused, error);
}
