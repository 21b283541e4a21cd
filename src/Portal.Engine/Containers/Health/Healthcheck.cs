namespace Portal.Engine.Containers.Health;

/// <summary>
/// How a container's health is found out (Docker's <c>HealthConfig</c>). In a request, what is left at its default is
/// taken from the image's.
/// </summary>
public sealed record Healthcheck
{
    /// <summary>
    /// Empty to take the image's; <c>NONE</c> for no check; <c>CMD</c> and a program with its arguments;
    /// <c>CMD-SHELL</c> and one line for the
    /// container's shell.
    /// </summary>
    public IReadOnlyList<string> Test { get; init; } = [];

    /// <summary>Time between the end of a probe and the next one, at least 1 ms.</summary>
    /// <value>Zero stands for 30 s.</value>
    public TimeSpan Interval { get; init; }

    /// <summary>How long a probe may take before it counts as failed, at least 1 ms.</summary>
    /// <value>Zero stands for 30 s.</value>
    public TimeSpan Timeout { get; init; }

    /// <summary>Failures within so long after the start do not count, unless a probe has succeeded.</summary>
    /// <value>Zero stands for none.</value>
    public TimeSpan StartPeriod { get; init; }

    /// <summary>Instead of <see cref="Interval"/> within the start period, until a probe succeeds.</summary>
    /// <value>Zero stands for 5 s.</value>
    public TimeSpan StartInterval { get; init; }

    /// <summary>How many failures in a row make a container unhealthy.</summary>
    /// <value>0 stands for 3.</value>
    public int Retries { get; init; }
}
