using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Portal.Engine.Linux.Runtime.Cdi.Model;

namespace Portal.Engine.Linux.Runtime.Cdi;

/// <summary>Reads CDI specifications, JSON or YAML, strictly.</summary>
internal static partial class CdiSpecReader
{
    public const int MostBytes = 4 << 20;

    private static readonly string[] s_hooks =
        ["prestart", "createRuntime", "createContainer", "startContainer", "poststart", "poststop"];

    /// <exception cref="FormatException">It is no specification; the message says why.</exception>
    public static CdiSpec Parse(byte[] bytes, bool yaml)
    {
        var node = ReadNode(Encoding.UTF8.GetString(bytes), yaml);

        RefuseNulls(node);

        // Free texts that change nothing, and two kinds of edit that this engine has no part for.
        if (node is JsonObject root)
        {
            root.Remove("annotations");
            RemoveUnused(root["containerEdits"]);
            foreach (var device in root["devices"] as JsonArray ?? [])
            {
                (device as JsonObject)?.Remove("annotations");
                RemoveUnused((device as JsonObject)?["containerEdits"]);
            }
        }

        try
        {
            var spec = node.Deserialize(CdiJson.Default.CdiSpec) ?? throw new FormatException("it is empty");
            Check(spec);
            return spec;
        }
        catch (JsonException failure)
        {
            throw new FormatException($"it has not the form of a specification at {failure.Path}", failure);
        }
    }

    private static JsonNode? ReadNode(string text, bool yaml)
    {
        try
        {
            return yaml ? CdiYaml.ToJson(text) : JsonNode.Parse(text);
        }
        catch (JsonException failure)
        {
            throw new FormatException($"not valid JSON at line {failure.LineNumber + 1}", failure);
        }
    }

    /// <summary>A list's entries are what a specification says they are; the reader would take null for any of them.</summary>
    private static void RefuseNulls(JsonNode? node)
    {
        switch (node)
        {
            case JsonArray list:
                Require(list.All(item => item is not null), "a list has an empty entry");
                foreach (var item in list)
                {
                    RefuseNulls(item);
                }

                break;
            case JsonObject map:
                foreach (var (_, value) in map)
                {
                    RefuseNulls(value);
                }

                break;
            default:
                break;
        }
    }

    private static void RemoveUnused(JsonNode? edits)
    {
        (edits as JsonObject)?.Remove("intelRdt");
    }

    private static void Check(CdiSpec spec)
    {
        Require(Version().IsMatch(spec.CdiVersion), $"cdiVersion '{spec.CdiVersion}' is none that is known");
        Require(Kind().IsMatch(spec.Kind), $"kind '{spec.Kind}' is not of the form vendor/class");
        Require(spec.Devices.Count > 0, "it has no devices");
        Require(spec.Devices.DistinctBy(device => device.Name).Count() == spec.Devices.Count, "a device's name is there twice");
        foreach (var device in spec.Devices)
        {
            Require(DeviceName().IsMatch(device.Name), $"device name '{device.Name}' is invalid");
            Require(device.ContainerEdits is not null, $"device '{device.Name}' has no containerEdits");
        }

        foreach (var edits in spec.Devices.Select(device => device.ContainerEdits).Append(spec.ContainerEdits).OfType<CdiEdits>())
        {
            Check(edits);
        }
    }

    private static void Check(CdiEdits edits)
    {
        Require(
            edits.Env.All(variable => variable.IndexOf('=') > 0 && !variable.Contains('\0')),
            "a variable is not of the form NAME=VALUE");
        foreach (var node in edits.DeviceNodes)
        {
            Require(
                IsPath(node.Path) && (node.HostPath.Length == 0 || IsPath(node.HostPath)),
                $"device node '{node.Path}' is no absolute path");
            Require(node.Type is "" or "b" or "c" or "u" or "p", $"type '{node.Type}' of device node '{node.Path}' is unknown");
            Require(
                node.Permissions.Length <= 3 && node.Permissions.All(letter => letter is 'r' or 'w' or 'm'),
                $"permissions '{node.Permissions}' of device node '{node.Path}' are not of r, w and m");
        }

        foreach (var mount in edits.Mounts)
        {
            Require(
                mount.HostPath.Length > 0 && !mount.HostPath.Contains('\0') && IsPath(mount.ContainerPath),
                $"mount '{mount.HostPath}' on '{mount.ContainerPath}' is incomplete");
        }

        foreach (var hook in edits.Hooks)
        {
            Require(s_hooks.Contains(hook.HookName), $"hook '{hook.HookName}' is unknown");
            Require(IsPath(hook.Path), $"hook path '{hook.Path}' is not absolute");
        }
    }

    private static bool IsPath(string path) => path.StartsWith('/') && !path.Contains('\0');

    private static void Require(bool fine, string problem)
    {
        if (!fine)
        {
            throw new FormatException(problem);
        }
    }

    [GeneratedRegex(@"\A0\.[3-8]\.0\z")]
    private static partial Regex Version();

    [GeneratedRegex(@"\A[A-Za-z]([A-Za-z0-9_.-]*[A-Za-z0-9])?/[A-Za-z]([A-Za-z0-9_-]*[A-Za-z0-9])?\z")]
    private static partial Regex Kind();

    [GeneratedRegex(@"\A[A-Za-z0-9]([A-Za-z0-9_.:-]*[A-Za-z0-9])?\z")]
    private static partial Regex DeviceName();
}
