using Portal.Contracts.Containers.V1;

namespace Portal.Web.Features.Containers.Create;

/// <summary>Restart policies in the words of forms, which are Docker's.</summary>
internal static class RestartPolicyWords
{
    public static RestartPolicyKind Parse(string policy) => policy switch
    {
        "on-failure" => RestartPolicyKind.OnFailure,
        "always" => RestartPolicyKind.Always,
        "unless-stopped" => RestartPolicyKind.UnlessStopped,
        _ => RestartPolicyKind.No,
    };

    public static string Of(RestartPolicyKind kind) => kind switch
    {
        RestartPolicyKind.OnFailure => "on-failure",
        RestartPolicyKind.Always => "always",
        RestartPolicyKind.UnlessStopped => "unless-stopped",
        _ => "no",
    };
}
