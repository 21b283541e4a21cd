using System.Globalization;
using Portal.Contracts.Containers.V1;

namespace Portal.Web.Features.Containers.Create;

/// <summary>The part of the form for what few containers need. Lists are texts of one entry a line.</summary>
public sealed class AdvancedSettings
{
    private const int Mebibyte = 1024 * 1024;

    public string Hostname { get; set; } = "";

    public string Domainname { get; set; } = "";

    public string User { get; set; } = "";

    public string WorkingDirectory { get; set; } = "";

    public string Labels { get; set; } = "";

    public string Volumes { get; set; } = "";

    public string Tmpfs { get; set; } = "";

    public string ShmMebibytes { get; set; } = "";

    public string PidsLimit { get; set; } = "";

    public string CpusetCpus { get; set; } = "";

    public string Ulimits { get; set; } = "";

    public string Sysctls { get; set; } = "";

    public string CapabilitiesToAdd { get; set; } = "";

    public string CapabilitiesToDrop { get; set; } = "";

    public string Devices { get; set; } = "";

    public string Gpus { get; set; } = "";

    public string Dns { get; set; } = "";

    public string DnsSearch { get; set; } = "";

    public string ExtraHosts { get; set; } = "";

    /// <summary>Empty, <c>host</c> or <c>container:NAME</c>.</summary>
    public string PidMode { get; set; } = "";

    /// <summary>Empty, <c>shareable</c>, <c>none</c>, <c>host</c> or <c>container:NAME</c>.</summary>
    public string IpcMode { get; set; } = "";

    /// <summary>Empty, <c>host</c>, or <c>auto</c> with options of the engine.</summary>
    public string UsernsMode { get; set; } = "";

    public string StopSignal { get; set; } = "";

    public string StopSeconds { get; set; } = "";

    public bool Privileged { get; set; }

    public bool NoNewPrivileges { get; set; }

    public bool ReadOnlyRoot { get; set; }

    public bool Init { get; set; }

    /// <summary>Puts what is filled in into a request, and what is wrong with it into the errors, by field.</summary>
    public void Check(Dictionary<string, string> errors, CreateContainerRequest request)
    {
        CheckProcess(errors, request);
        CheckMounts(errors, request);
        CheckLimits(errors, request);
        CheckHost(errors, request);
        CheckNames(errors, request);
    }

    private void CheckProcess(Dictionary<string, string> errors, CreateContainerRequest request)
    {
        request.User = User.Trim();
        request.WorkingDirectory = WorkingDirectory.Trim();
        request.StopSignal = StopSignal.Trim();
        request.Init = Init;
        if (request.WorkingDirectory.Length > 0 && request.WorkingDirectory[0] != '/')
        {
            errors[nameof(WorkingDirectory)] = T("An absolute path in the container, such as /srv.");
        }

        const string StopHelp = "A whole number of seconds up to 86400, or nothing for 10.";
        if (Number(errors, nameof(StopSeconds), StopSeconds, 0, 86_400, StopHelp) is { } seconds)
        {
            request.StopTimeoutSeconds = (int)seconds;
        }

        foreach (var line in SettingLines.Of(Labels))
        {
            var (name, value) = SettingLines.Pair(line);
            if (name.Length == 0)
            {
                errors[nameof(Labels)] = T("'{0}' is no label: NAME=VALUE, or NAME alone.", line);
                continue;
            }

            request.Labels[name] = value;
        }
    }

    private void CheckMounts(Dictionary<string, string> errors, CreateContainerRequest request)
    {
        request.ReadOnlyRoot = ReadOnlyRoot;
        foreach (var line in SettingLines.Of(Volumes))
        {
            if (SettingLines.Volume(line) is { } mount)
            {
                request.Mounts.Add(mount);
            }
            else
            {
                errors[nameof(Volumes)] =
                    T("'{0}' is no volume: name:/in/the/container, with :ro for read-only. Host paths have a field above.", line);
            }
        }

        foreach (var line in SettingLines.Of(Tmpfs))
        {
            if (SettingLines.Tmpfs(line) is { } mount)
            {
                request.Mounts.Add(mount);
            }
            else
            {
                errors[nameof(Tmpfs)] = T("'{0}' is no temporary folder: /in/the/container, or with a size in MiB /in/the/container:64.", line);
            }
        }
    }

    private void CheckLimits(Dictionary<string, string> errors, CreateContainerRequest request)
    {
        if (Number(errors, nameof(ShmMebibytes), ShmMebibytes, 1, 1 << 24, T("A whole number of MiB, or nothing for 64.")) is { } shm)
        {
            request.ShmSizeBytes = shm * Mebibyte;
        }

        if (Number(errors, nameof(PidsLimit), PidsLimit, 1, int.MaxValue, T("A whole number from 1, or nothing for no limit.")) is { } pids)
        {
            request.Resources.PidsLimit = pids;
        }

        request.Resources.CpusetCpus = CpusetCpus.Trim();
        if (request.Resources.CpusetCpus.Any(letter => !char.IsAsciiDigit(letter) && letter is not ('-' or ',')))
        {
            errors[nameof(CpusetCpus)] = T("Numbers of processors such as 0-2,4, or nothing for all.");
        }

        foreach (var line in SettingLines.Of(Ulimits))
        {
            if (SettingLines.Ulimit(line) is { } ulimit)
            {
                request.Ulimits.Add(ulimit);
            }
            else
            {
                errors[nameof(Ulimits)] = T("'{0}' is no limit: nofile=1024, or with a hard limit nofile=1024:4096.", line);
            }
        }

        foreach (var line in SettingLines.Of(Sysctls))
        {
            var (name, value) = SettingLines.Pair(line);
            if (name.Length == 0 || value.Length == 0)
            {
                errors[nameof(Sysctls)] = T("'{0}' is no kernel parameter: net.core.somaxconn=1024.", line);
                continue;
            }

            request.Sysctls[name] = value;
        }
    }

    private void CheckHost(Dictionary<string, string> errors, CreateContainerRequest request)
    {
        request.Privileged = Privileged;
        request.PidMode = PidMode.Trim();
        request.IpcMode = IpcMode.Trim();
        request.UsernsMode = UsernsMode.Trim();
        AddCapabilities(errors, nameof(CapabilitiesToAdd), CapabilitiesToAdd, request.CapabilitiesToAdd);
        AddCapabilities(errors, nameof(CapabilitiesToDrop), CapabilitiesToDrop, request.CapabilitiesToDrop);
        if (NoNewPrivileges)
        {
            request.SecurityOptions.Add("no-new-privileges");
        }

        foreach (var line in SettingLines.Of(Devices))
        {
            if (SettingLines.IsCdiName(line))
            {
                request.CdiDevices.Add(line);
            }
            else if (SettingLines.Device(line) is { } device)
            {
                request.Devices.Add(device);
            }
            else
            {
                errors[nameof(Devices)] = T("'{0}' is no device: /dev/on/the/host, /dev/host:/dev/inside:rwm, or vendor.com/class=name.", line);
            }
        }

        if (Gpus.Trim() is "all")
        {
            request.Gpus = -1;
        }
        else if (Number(errors, nameof(Gpus), Gpus, 1, 1024, T("A number of GPUs, 'all', or nothing for none.")) is { } gpus)
        {
            request.Gpus = (int)gpus;
        }
    }

    private void CheckNames(Dictionary<string, string> errors, CreateContainerRequest request)
    {
        request.Hostname = Hostname.Trim();
        request.Domainname = Domainname.Trim();
        if (request.Hostname.Length > 63
            || request.Hostname.Any(letter => !char.IsAsciiLetterOrDigit(letter) && letter is not ('-' or '.' or '_')))
        {
            errors[nameof(Hostname)] = T("At most 63 letters, digits, dashes and dots.");
        }

        request.DnsSearch.AddRange(SettingLines.Words(DnsSearch));
        foreach (var server in SettingLines.Words(Dns))
        {
            request.Dns.Add(server);
            if (!System.Net.IPAddress.TryParse(server, out _))
            {
                errors[nameof(Dns)] = T("'{0}' is no address of a name server, such as 10.0.0.53.", server);
            }
        }

        foreach (var line in SettingLines.Of(ExtraHosts))
        {
            request.ExtraHosts.Add(line);
            if (!SettingLines.IsHost(line))
            {
                errors[nameof(ExtraHosts)] = T("'{0}' is no name with an address: db:10.0.0.7, or db:host-gateway for the host.", line);
            }
        }
    }

    private static void AddCapabilities(
        Dictionary<string, string> errors, string field, string text, Google.Protobuf.Collections.RepeatedField<string> target)
    {
        foreach (var name in SettingLines.Words(text))
        {
            target.Add(name);
            if (name.Any(letter => !char.IsAsciiLetter(letter) && letter != '_'))
            {
                errors[field] = T("'{0}' is no capability, such as NET_ADMIN.", name);
            }
        }
    }

    private static long? Number(Dictionary<string, string> errors, string field, string text, long least, long most, string help)
    {
        if (text.Trim().Length == 0)
        {
            return null;
        }

        if (long.TryParse(text.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && number >= least && number <= most)
        {
            return number;
        }

        errors[field] = help;
        return null;
    }
}
