using Microsoft.AspNetCore.Http;

namespace Portal.Engine.Api.Routing;

/// <summary>The headers that clients look for on every answer.</summary>
internal static class DockerHeaders
{
    private static readonly string s_server = $"Portal/{EngineVersion.Current} (linux)";

    public static void Write(HttpResponse response)
    {
        response.Headers["Api-Version"] = ApiVersion.Newest.ToString();
        response.Headers["Docker-Experimental"] = "false";
        response.Headers["Ostype"] = "linux";
        response.Headers.Server = s_server;
    }
}
