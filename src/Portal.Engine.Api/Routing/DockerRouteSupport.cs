namespace Portal.Engine.Api.Routing;

/// <summary>How much of a route this engine does.</summary>
public enum DockerRouteSupport
{
    /// <summary>All that Docker's documentation says.</summary>
    Full = 0,

    /// <summary>The common part; the note says what is missing.</summary>
    Partial,

    /// <summary>It answers with an error that says why.</summary>
    Refused,
}
