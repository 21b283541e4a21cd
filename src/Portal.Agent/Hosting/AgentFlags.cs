namespace Portal.Agent.Hosting;

/// <summary>What the command line says; null where it says nothing.</summary>
internal sealed record AgentFlags(string? Data, string? Run, string? Runtime)
{
    public static AgentFlags None { get; } = new(null, null, null);
}
