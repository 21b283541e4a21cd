using Portal.Engine.Containers;

namespace Portal.Testing.Survival;

/// <summary>Something that an engine is killed in: one of these.</summary>
public abstract record KillStep
{
    private KillStep()
    {
    }

    public sealed record Create(string Script) : KillStep;

    public sealed record Run(RestartPolicyKind Policy, string Script) : KillStep;

    public sealed record Exec(string Id, string Script) : KillStep;

    public sealed record Start(string Id) : KillStep;

    public sealed record Stop(string Id) : KillStep;

    public sealed record Remove(string Id) : KillStep;
}
