namespace Portal.Engine.Api.Routing;

/// <summary>What a route does with the bytes that follow a request's head.</summary>
public enum DockerRouteBody
{
    /// <summary>A JSON document of bounded size, or nothing.</summary>
    Json = 0,

    /// <summary>A stream of any length, read once.</summary>
    Stream,

    /// <summary>The connection leaves HTTP and carries a process's streams both ways, and each side ends its own.</summary>
    Hijack,
}
