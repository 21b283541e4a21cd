using Portal.Engine.Containers.States;

namespace Portal.Engine.Containers.Restarts;

/// <summary>Whether a policy starts a container again.</summary>
internal static class RestartDecision
{
    /// <summary>After an end; <paramref name="ended"/> holds the exit code and how often the policy has acted.</summary>
    public static bool AfterExit(RestartPolicy policy, ContainerRecord ended)
    {
        return !ended.StoppedByPerson && policy.Kind switch
        {
            RestartPolicyKind.Always or RestartPolicyKind.UnlessStopped => true,
            RestartPolicyKind.OnFailure => ended.ExitCode != 0
                && (policy.MaximumRetries == 0 || ended.RestartCount < policy.MaximumRetries),
            _ => false,
        };
    }

    /// <summary>At the engine's start, for a container that ended under an earlier engine and was left alone then.</summary>
    public static bool AtEngineStart(RestartPolicy policy, ContainerRecord record)
    {
        return record.StartedAt is not null && policy.Kind switch
        {
            RestartPolicyKind.Always => true,
            RestartPolicyKind.UnlessStopped => !record.StoppedByPerson,
            _ => false,
        };
    }
}
