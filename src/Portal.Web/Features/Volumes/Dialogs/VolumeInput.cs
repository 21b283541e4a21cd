using Portal.Contracts.Volumes.V1;

namespace Portal.Web.Features.Volumes.Dialogs;

/// <summary>What the form of a new volume holds, and the request that it stands for.</summary>
public sealed class VolumeInput
{
    public string Name { get; set; } = "";

    public VolumeForm Form { get; set; }

    /// <summary>Of memory: how much, such as 64m.</summary>
    public string Size { get; set; } = "64m";

    /// <summary>Of a server: its name or address.</summary>
    public string Server { get; set; } = "";

    /// <summary>Path on the server or on the host; the device of others.</summary>
    public string Path { get; set; } = "";

    /// <summary>The file system of others.</summary>
    public string Type { get; set; } = "";

    /// <summary>Further options of the mount, by commas.</summary>
    public string MountOptions { get; set; } = "";

    /// <summary>key or key=value, one a line.</summary>
    public string Labels { get; set; } = "";

    /// <summary>Checks all fields.</summary>
    /// <returns>What is wrong by field; empty when <paramref name="request"/> can be sent.</returns>
    public Dictionary<string, string> Check(out CreateVolumeRequest request)
    {
        var errors = new Dictionary<string, string>(StringComparer.Ordinal);
        request = new CreateVolumeRequest { Name = Name.Trim() };
        if (request.Name.Length > 0 && !IsName(request.Name))
        {
            errors[nameof(Name)] = T("2 to 255 letters, digits, '.', '_' and '-'; the first a letter or digit.");
        }

        foreach (var (key, value) in Options(errors))
        {
            request.Options[key] = value;
        }

        foreach (var line in Labels.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var at = line.IndexOf('=', StringComparison.Ordinal);
            if (at == 0)
            {
                errors[nameof(Labels)] = T("'{0}' has no key: write key=value, one a line.", line);
            }
            else
            {
                request.Labels[at < 0 ? line : line[..at]] = at < 0 ? "" : line[(at + 1)..];
            }
        }

        return errors;
    }

    private static bool IsName(string name) =>
        name.Length is >= 2 and <= 255 && char.IsAsciiLetterOrDigit(name[0])
        && name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '.' or '_' or '-');

    private static string Join(params string[] options) => string.Join(',', options.Where(option => option.Length > 0));

    private IEnumerable<(string Key, string Value)> Options(Dictionary<string, string> errors)
    {
        var more = MountOptions.Trim().Trim(',');
        switch (Form)
        {
            case VolumeForm.Memory:
                Demand(Size.Trim().Length > 0, nameof(Size), T("Write how much memory it may take, such as 64m."));
                return [("type", "tmpfs"), ("device", "tmpfs"), ("o", Join($"size={Size.Trim()}", more))];
            case VolumeForm.Nfs:
                Demand(Server.Trim().Length > 0, nameof(Server), T("Write the server's name or address."));
                Demand(Path.Trim().StartsWith('/'), nameof(Path), T("Write the path that the server exports, such as /srv/data."));
                return [("type", "nfs"), ("device", ":" + Path.Trim()), ("o", Join($"addr={Server.Trim()}", more))];
            case VolumeForm.Bind:
                Demand(Path.Trim().StartsWith('/'), nameof(Path), T("Write the path of a folder on the node, such as /srv/data."));
                return [("type", "none"), ("device", Path.Trim()), ("o", Join("bind", more))];
            case VolumeForm.Other:
                Demand(Type.Trim().Length > 0, nameof(Type), T("Write the type of the file system, as mount(8) takes it."));
                Demand(Path.Trim().Length > 0, nameof(Path), T("Write the device, as mount(8) takes it."));
                return more.Length > 0
                    ? [("type", Type.Trim()), ("device", Path.Trim()), ("o", more)]
                    : [("type", Type.Trim()), ("device", Path.Trim())];
            default:
                return [];
        }

        void Demand(bool holds, string field, string message)
        {
            if (!holds)
            {
                errors[field] = message;
            }
        }
    }
}
