using Portal.Engine.Errors;
using Portal.Engine.Hosting;

namespace Portal.Engine.Linux.Runtime.AppArmor;

/// <summary>Which AppArmor profile containers are confined by, on hosts that have AppArmor.</summary>
/// <remarks>
/// As with Docker, a host has it when its kernel enforces profiles and the program is there that loads them. On others containers
/// that name a profile run without, and their makers are warned.
/// </remarks>
internal sealed class AppArmorProfiles(AppArmorPaths paths, EngineOptions options) : IDisposable
{
    /// <summary>What stands for no profile.</summary>
    public const string Unconfined = "unconfined";

    private readonly SemaphoreSlim _loading = new(1, 1);
    private volatile bool _isCurrent;

    /// <summary>True when this host confines containers.</summary>
    public bool IsEnabled => paths.Parser is not null && File.Exists(paths.Profiles) && IsOn(paths.Enabled);

    /// <summary>The profile of a container; null where this host has no AppArmor.</summary>
    /// <param name="asked">What <c>--security-opt apparmor=</c> names; null for nothing.</param>
    /// <param name="privileged">True for a privileged container.</param>
    public string? ProfileOf(string? asked, bool privileged)
    {
        return !IsEnabled ? null
            : !string.IsNullOrEmpty(asked) ? asked
            : privileged ? Unconfined
            : DefaultProfile.Name;
    }

    /// <summary>
    /// Sees that a profile is loaded. The default one is loaded here, at each start if need be: upgrades of the host's packages unload
    /// profiles, and an upgrade of the engine may bring another one.
    /// </summary>
    /// <exception cref="EngineException">InvalidArgument: there is no such profile. Unavailable: the default one can't be loaded.</exception>
    public async Task EnsureAsync(string? profile, CancellationToken cancellationToken)
    {
        if (profile is null or Unconfined || (IsLoaded(profile) && (_isCurrent || profile != DefaultProfile.Name)))
        {
            return;
        }

        if (profile != DefaultProfile.Name)
        {
            // Asked for and not there must not mean unconfined.
            throw EngineException.InvalidArgument(
                $"invalid --security-opt 2: \"apparmor={profile}\": this kernel has no AppArmor profile of that name loaded "
                + "(hint: load it with apparmor_parser -r FILE)");
        }

        await _loading.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            await LoadAsync(cancellationToken).ConfigureAwait(false);
            _isCurrent = true;
        }
        finally
        {
            _loading.Release();
        }
    }

    public void Dispose() => _loading.Dispose();

    private async Task LoadAsync(CancellationToken cancellationToken)
    {
        var folder = Path.Combine(Path.GetFullPath(options.RunRoot), "apparmor");
        Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var file = Path.Combine(folder, DefaultProfile.Name);
        var text = DefaultProfile.Write(paths.Included, ReadOwn());
        if (IsLoaded(DefaultProfile.Name) && File.Exists(file)
            && await File.ReadAllTextAsync(file, cancellationToken).ConfigureAwait(false) == text)
        {
            return;
        }

        // The file of that name tells the next engine what is loaded, so it is there only afterwards.
        var next = file + ".next";
        await File.WriteAllTextAsync(next, text, cancellationToken).ConfigureAwait(false);

        // -K leaves the parser's cache alone, which may hold an older one; -r replaces what another instance has loaded.
        var result = await Command.RunAsync(paths.Parser!, ["-Kr", next], cancellationToken).ConfigureAwait(false);
        if (result.ExitCode != 0)
        {
            throw new EngineException(
                EngineErrorKind.Unavailable,
                $"Loading the AppArmor profile {DefaultProfile.Name} failed: apparmor_parser ended with {result.ExitCode}: "
                + $"{result.Error.Trim()}. Containers can be run without it: --security-opt apparmor=unconfined.");
        }

        File.Move(next, file, overwrite: true);
    }

    private bool IsLoaded(string profile)
    {
        return File.ReadLines(paths.Profiles).Any(line => line.StartsWith(profile + " (", StringComparison.Ordinal));
    }

    private string ReadOwn()
    {
        var text = File.Exists(paths.OwnProfile) ? File.ReadAllText(paths.OwnProfile).TrimEnd('\0', '\n') : "";
        var end = text.LastIndexOf(" (", StringComparison.Ordinal);
        return end > 0 ? text[..end] : text.Length > 0 ? text : Unconfined;
    }

    private static bool IsOn(string path) => File.Exists(path) && File.ReadAllText(path).StartsWith('Y');
}
