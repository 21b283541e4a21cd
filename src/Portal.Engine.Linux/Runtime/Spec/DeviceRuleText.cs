using System.Globalization;
using System.Text.RegularExpressions;
using Portal.Engine.Errors;
using Portal.Engine.Linux.Runtime.Oci;

namespace Portal.Engine.Linux.Runtime.Spec;

/// <summary>A rule of device access as <c>--device-cgroup-rule</c> writes it: <c>c 1:3 rwm</c>, <c>b *:* r</c>.</summary>
internal static partial class DeviceRuleText
{
    /// <exception cref="EngineException">InvalidArgument: it is none; in Docker's words.</exception>
    public static OciDeviceRule Parse(string text)
    {
        var match = Form().Match(text);
        if (!match.Success
            || !TryParseNumber(match.Groups[2].Value, out var major)
            || !TryParseNumber(match.Groups[3].Value, out var minor))
        {
            throw EngineException.InvalidArgument($"invalid device cgroup rule format: '{text}'");
        }

        return new OciDeviceRule(true, match.Groups[1].Value, major, minor, match.Groups[4].Value);
    }

    public static bool IsPermissions(string text) => text.Length <= 3 && text.All(letter => letter is 'r' or 'w' or 'm');

    private static bool TryParseNumber(string text, out long? number)
    {
        number = null;
        if (text == "*")
        {
            return true;
        }

        var fine = uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var parsed);
        number = parsed;
        return fine;
    }

    [GeneratedRegex(@"\A([acb]) ([0-9]+|\*):([0-9]+|\*) ([rwm]{1,3})\z")]
    private static partial Regex Form();
}
