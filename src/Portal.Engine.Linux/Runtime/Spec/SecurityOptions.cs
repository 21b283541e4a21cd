using Portal.Engine.Errors;
using Portal.Engine.Linux.Runtime.Seccomp;
using Portal.Engine.Runtime;

namespace Portal.Engine.Linux.Runtime.Spec;

/// <summary>What Docker's <c>--security-opt</c> values ask for.</summary>
/// <param name="NoNewPrivileges">No program gains privileges by set-user-id or file capabilities.</param>
/// <param name="Profile">The seccomp profile; null for none.</param>
internal sealed record SecurityOptions(bool NoNewPrivileges, SeccompProfile? Profile)
{
    /// <exception cref="EngineException">InvalidArgument: an option is unknown, or this host can't do it.</exception>
    public static SecurityOptions Parse(RuntimeContainer container)
    {
        var result = new SecurityOptions(false, container.Privileged ? null : SeccompTranslator.Default);
        foreach (var option in container.SecurityOptions)
        {
            var separator = option.AsSpan().IndexOfAny('=', ':');
            var (key, value) = separator < 0 ? (option, "") : (option[..separator], option[(separator + 1)..]);
            result = key switch
            {
                "no-new-privileges" => result with { NoNewPrivileges = ParseSwitch(option, value) },
                "seccomp" => result with { Profile = ParseProfile(value) },
                "apparmor" when value is "unconfined" or "" => result,
                "label" => result,
                _ => throw EngineException.InvalidArgument($"invalid --security-opt: \"{option}\": unknown, or not possible on this host."),
            };
        }

        return result;
    }

    private static bool ParseSwitch(string option, string value) => value switch
    {
        "" or "true" or "1" => true,
        "false" or "0" => false,
        _ => throw EngineException.InvalidArgument($"invalid --security-opt: \"{option}\": give true or false."),
    };

    private static SeccompProfile? ParseProfile(string value) => value switch
    {
        "unconfined" => null,
        "builtin" or "default" or "" => SeccompTranslator.Default,
        _ => SeccompTranslator.Parse(value),
    };
}
