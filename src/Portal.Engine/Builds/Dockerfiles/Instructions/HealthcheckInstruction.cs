namespace Portal.Engine.Builds.Dockerfiles.Instructions;

/// <summary><c>HEALTHCHECK NONE</c> or <c>HEALTHCHECK [--interval= --timeout= --start-period= --start-interval= --retries=] CMD ...</c></summary>
internal sealed record HealthcheckInstruction : Instruction
{
    /// <summary>The test; null for NONE.</summary>
    public Command? Test { get; init; }

    /// <summary>Times in nanoseconds, 0 where not given.</summary>
    public long Interval { get; init; }

    /// <inheritdoc cref="Interval"/>
    public long Timeout { get; init; }

    /// <inheritdoc cref="Interval"/>
    public long StartPeriod { get; init; }

    /// <inheritdoc cref="Interval"/>
    public long StartInterval { get; init; }

    /// <summary>Failures in a row that make a container unhealthy; 0 where not given.</summary>
    public int Retries { get; init; }
}
