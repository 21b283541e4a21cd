using Portal.Contracts.Containers.V1;

namespace Portal.Web.Features.Containers.Create;

/// <summary>Restart policies by the values of forms, which are Docker's names, and in the words that people see everywhere.</summary>
internal static class RestartPolicyWords
{
    private const string OnFailure = "on-failure";

    /// <summary>What a form offers, in this order.</summary>
    public static readonly IReadOnlyList<(string Value, string Words)> All =
    [
        ("no", N("Never")), (OnFailure, N("When it fails")), ("unless-stopped", N("Always, unless stopped by hand")), ("always", N("Always")),
    ];

    public static RestartPolicyKind Parse(string policy) => policy switch
    {
        OnFailure => RestartPolicyKind.OnFailure,
        "always" => RestartPolicyKind.Always,
        "unless-stopped" => RestartPolicyKind.UnlessStopped,
        _ => RestartPolicyKind.No,
    };

    public static string Of(RestartPolicyKind kind) => kind switch
    {
        RestartPolicyKind.OnFailure => OnFailure,
        RestartPolicyKind.Always => "always",
        RestartPolicyKind.UnlessStopped => "unless-stopped",
        _ => "no",
    };

    /// <summary>As a node tells a container's: <c>on-failure:3</c> is a number of retries at most.</summary>
    public static string Describe(string policy)
    {
        if (policy.StartsWith(OnFailure + ":", StringComparison.Ordinal))
        {
            var count = policy[(OnFailure.Length + 1)..];
            return int.TryParse(count, out var times)
                ? Plural(times, "When it fails, at most {0} time", "When it fails, at most {0} times")
                : policy;
        }

        var words = All.FirstOrDefault(known => known.Value == policy).Words;
        return words is not null ? T(words) : policy.Length == 0 ? T(All[0].Words) : policy;
    }
}
