namespace Portal.Engine.Containers.Health;

/// <summary>Docker's health states. A container without a check has none.</summary>
public enum HealthStatus
{
    /// <summary>No probe has succeeded, and not enough have failed.</summary>
    Starting = 0,

    /// <summary>The last probe succeeded, or not enough have failed since.</summary>
    Healthy,

    /// <summary>As many probes in a row failed as the check allows; or, as in Docker, the container has ended.</summary>
    Unhealthy,
}
