namespace Portal.Engine.Containers;

/// <summary>What happens when a container ends.</summary>
/// <param name="Kind">In which cases it is started again.</param>
/// <param name="MaximumRetries">For <see cref="RestartPolicyKind.OnFailure"/>: how often, 0 for any number.</param>
public sealed record RestartPolicy(RestartPolicyKind Kind, int MaximumRetries = 0)
{
    /// <summary>It is left alone.</summary>
    public static RestartPolicy No { get; } = new(RestartPolicyKind.No);
}
