using Portal.Engine.Api.Containers.Models;
using Portal.Engine.Containers;

namespace Portal.Engine.Api.Containers.Mapping;

/// <summary>Docker's restart policies.</summary>
internal static class RestartPolicies
{
    public static RestartPolicy Parse(RestartPolicyModel? policy, List<string> problems)
    {
        RestartPolicyKind? kind = policy?.Name switch
        {
            null or "" or "no" => RestartPolicyKind.No,
            "always" => RestartPolicyKind.Always,
            "unless-stopped" => RestartPolicyKind.UnlessStopped,
            "on-failure" => RestartPolicyKind.OnFailure,
            _ => null,
        };
        if (kind is null)
        {
            problems.Add($"invalid restart policy: unknown policy '{policy!.Name}'; use one of 'no', 'always', 'on-failure', or 'unless-stopped'");
            return RestartPolicy.No;
        }

        var retries = policy?.MaximumRetryCount ?? 0;
        if (retries < 0)
        {
            problems.Add("invalid restart policy: maximum retry count cannot be negative");
        }
        else if (retries > 0 && kind != RestartPolicyKind.OnFailure)
        {
            problems.Add("invalid restart policy: maximum retry count can only be used with 'on-failure'");
        }

        return new RestartPolicy(kind.Value, Math.Max(0, retries));
    }

    public static RestartPolicyModel Model(RestartPolicy policy)
    {
        return new RestartPolicyModel
        {
            Name = policy.Kind switch
            {
                RestartPolicyKind.Always => "always",
                RestartPolicyKind.UnlessStopped => "unless-stopped",
                RestartPolicyKind.OnFailure => "on-failure",
                _ => "no",
            },
            MaximumRetryCount = policy.MaximumRetries,
        };
    }
}
