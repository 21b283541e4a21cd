using Portal.Engine.Errors;
using Portal.Engine.Linux.Runtime.Seccomp;

namespace Portal.Engine.Linux.Runtime.Spec;

/// <summary>What Docker's <c>--security-opt</c> values ask for.</summary>
/// <param name="NoNewPrivileges">No program gains privileges by set-user-id or file capabilities.</param>
/// <param name="Profile">The seccomp profile; null for none.</param>
/// <param name="Apparmor">The AppArmor profile that is named; null for none.</param>
/// <param name="ShowsAllPaths">Nothing of <c>/proc</c> and <c>/sys</c> is masked or read-only.</param>
internal sealed record SecurityOptions(bool NoNewPrivileges, SeccompProfile? Profile, string? Apparmor, bool ShowsAllPaths)
{
    /// <exception cref="EngineException">InvalidArgument: an option is unknown, or this host can't do it.</exception>
    public static SecurityOptions Parse(IReadOnlyList<string> options, bool privileged)
    {
        var result = new SecurityOptions(false, privileged ? null : SeccompTranslator.Default, null, false);
        foreach (var option in options)
        {
            var separator = option.AsSpan().IndexOfAny('=', ':');
            var (key, value) = separator < 0 ? (option, "") : (option[..separator], option[(separator + 1)..]);
            result = key switch
            {
                "no-new-privileges" => result with { NoNewPrivileges = ParseSwitch(option, value) },
                "seccomp" => result with { Profile = ParseProfile(value) },
                "apparmor" => result with { Apparmor = value },
                "systempaths" when value == "unconfined" => result with { ShowsAllPaths = true },
                "label" => result,
                _ => throw EngineException.InvalidArgument(
                    separator < 0 ? $"invalid --security-opt 1: \"{option}\"" : $"invalid --security-opt 2: \"{option}\""),
            };
        }

        return result;
    }

    private static bool ParseSwitch(string option, string value) => value switch
    {
        "" or "true" or "1" => true,
        "false" or "0" => false,
        _ => throw EngineException.InvalidArgument($"invalid --security-opt 2: \"{option}\": give true or false"),
    };

    private static SeccompProfile? ParseProfile(string value) => value switch
    {
        "unconfined" => null,
        "builtin" or "default" or "" => SeccompTranslator.Default,
        _ => SeccompTranslator.Parse(value),
    };
}
