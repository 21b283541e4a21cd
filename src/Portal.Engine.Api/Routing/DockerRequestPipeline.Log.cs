using Microsoft.Extensions.Logging;

namespace Portal.Engine.Api.Routing;

internal sealed partial class DockerRequestPipeline
{
    [LoggerMessage(4001, LogLevel.Error, "Docker API: {Method} '{Path}' failed")]
    private partial void LogFailed(string method, string path, Exception failure);

    [LoggerMessage(4002, LogLevel.Debug, "Docker API: the client of {Method} '{Path}' went away")]
    private partial void LogGone(string method, string path);

    [LoggerMessage(4003, LogLevel.Information, "Docker API: {Method} '{Path}' broke off after its answer had begun")]
    private partial void LogBroken(string method, string path, Exception failure);
}
