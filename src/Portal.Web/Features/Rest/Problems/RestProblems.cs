using Portal.Web.Features.Rest.Json;
using Portal.Web.Security;

namespace Portal.Web.Features.Rest.Problems;

/// <summary>
/// Every failure below <c>/api/v1</c> is told as a <see cref="RestProblem"/>, whoever found it: a handler, a policy or
/// the routing.
/// </summary>
internal static partial class RestProblems
{
    public static void UseRestProblems(this WebApplication app)
    {
        var logger = app.Services.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(RestProblems).FullName!);
        app.UseWhen(
            context => context.Request.Path.StartsWithSegments(RestApi.Path),
            api => api.Use((context, next) => RunAsync(context, next, logger)));
    }

    public static Task WriteAsync(HttpContext context, ProblemKind kind, string detail)
    {
        context.Response.StatusCode = kind.Status;
        context.Response.Headers.CacheControl = "no-store";
        return context.Response.WriteAsJsonAsync(
            RestProblem.Of(context, kind, detail), RestJson.Options, RestProblem.MediaType, context.RequestAborted);
    }

    /// <summary>A failure of that status.</summary>
    public static IResult Answer(string detail, int statusCode) => new Failure(ProblemKind.Of(statusCode), detail);

    private static async Task RunAsync(HttpContext context, RequestDelegate next, ILogger logger)
    {
        try
        {
            await next(context);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // Nobody waits for an answer any more.
            return;
        }
        catch (Exception failure) when (!context.Response.HasStarted)
        {
            if (RestFailures.Read(failure) is not var (kind, detail))
            {
                LogFailed(logger, context.Request.Method, context.Request.Path, failure);
                (kind, detail) = (ProblemKind.Internal, "The portal failed; its log says why.");
            }

            await WriteAsync(context, kind, detail);
            return;
        }

        // A page shows it in its own way.
        if (context.Response is { HasStarted: false, StatusCode: >= 400, ContentType: null } && !context.Request.IsForPage())
        {
            var kind = ProblemKind.Of(context.Response.StatusCode);
            await WriteAsync(context, kind, DetailOf(kind));
        }
    }

    private static string DetailOf(ProblemKind kind) => kind.Status switch
    {
        401 => "This needs a token or a session.",
        403 => "You or your token lack the permission for this, or for this node.",
        404 => "There is nothing at this address that you may see.",
        405 => "There is something at this address, but this can't be done with it.",
        _ => "A part of the address, a header or the body can't be read.",
    };

    [LoggerMessage(2601, LogLevel.Error, "{Method} {Path} failed")]
    private static partial void LogFailed(ILogger logger, string method, string path, Exception failure);

    private sealed record Failure(ProblemKind Kind, string Detail) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext) => WriteAsync(httpContext, Kind, Detail);
    }
}
