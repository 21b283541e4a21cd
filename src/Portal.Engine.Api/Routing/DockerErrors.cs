using Microsoft.AspNetCore.Http;
using Portal.Engine.Api.Json;
using Portal.Engine.Errors;

namespace Portal.Engine.Api.Routing;

/// <summary>The one place where failures become Docker's status codes and error bodies.</summary>
internal static class DockerErrors
{
    public static int StatusOf(EngineErrorKind kind) => kind switch
    {
        EngineErrorKind.NotFound => StatusCodes.Status404NotFound,
        EngineErrorKind.AlreadyExists => StatusCodes.Status409Conflict,
        EngineErrorKind.InvalidArgument => StatusCodes.Status400BadRequest,
        EngineErrorKind.Conflict => StatusCodes.Status409Conflict,
        EngineErrorKind.Unauthenticated => StatusCodes.Status401Unauthorized,
        EngineErrorKind.Forbidden => StatusCodes.Status403Forbidden,
        EngineErrorKind.Unavailable => StatusCodes.Status503ServiceUnavailable,
        EngineErrorKind.Internal => StatusCodes.Status500InternalServerError,
        _ => StatusCodes.Status500InternalServerError,
    };

    public static Task WriteAsync(HttpContext context, int status, string message)
    {
        return DockerJson.WriteAsync(context, new ErrorBody(message), DockerJsonContext.Default.ErrorBody, status);
    }
}
