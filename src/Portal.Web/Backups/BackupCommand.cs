using System.Globalization;
using System.Security.Cryptography;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Npgsql;
using Portal.Data.Backups;
using Portal.Data.Migrating;
using Portal.Web.Configuration;
using Portal.Web.Nodes.Tls;

namespace Portal.Web.Backups;

/// <summary>
/// <c>backup FILE --passphrase-file FILE</c> and <c>restore FILE --passphrase-file FILE</c>, with the settings that the portal itself has.
/// <c>-</c> stands for standard output and input, so that any program can carry a backup elsewhere.
/// </summary>
internal sealed class BackupCommand(TextWriter output, TextWriter error)
{
    private const string Backup = "backup";
    private const string Restore = "restore";
    private const int ShortestPassphrase = 12;
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>True when the words are a command of these.</summary>
    public static bool Is(string[] arguments) => arguments is [Backup or Restore, ..];

    /// <returns>The exit code: 0, or 1 after it has said what is wrong.</returns>
    public async Task<int> RunAsync(string[] arguments, CancellationToken cancellationToken)
    {
        if (arguments is not [var command, var file, "--passphrase-file", var passphraseFile, .. var flags])
        {
            return await FailAsync(
                $"Usage: {arguments[0]} FILE --passphrase-file FILE, and the portal's flags; '-' for standard {Way(arguments[0])}.");
        }

        try
        {
            var passphrase = await ReadPassphraseAsync(passphraseFile, cancellationToken);
            var configuration = new ConfigurationManager();
            PortalConfiguration.Configure(configuration, flags);
            var options = ReadOptions(configuration);
            var files = FilesOf(options, PortalTlsOptions.From(configuration));
            await using var database = NpgsqlDataSource.Create(options.Database);
            var work = command == Backup
                ? WriteAsync(database, file, passphrase, files, cancellationToken)
                : RestoreAsync(database, file, passphrase, files, cancellationToken);
            await work;
            return 0;
        }
        catch (Exception failure) when (failure is BackupException or MigrationException or OptionsValidationException
            or IOException or UnauthorizedAccessException or NpgsqlException)
        {
            return await FailAsync(failure.Message);
        }
    }

    private static PortalOptions ReadOptions(IConfiguration configuration)
    {
        var options = new PortalOptions();
        PortalConfiguration.Bind(configuration, options);
        var valid = new ValidatePortalOptions().Validate(null, options);
        return valid.Failed ? throw new OptionsValidationException("", typeof(PortalOptions), valid.Failures) : options;
    }

    // What the database is of no use without, and what agents have pinned. Files that somebody named are for that person to keep.
    private static List<BackupFile> FilesOf(PortalOptions options, PortalTlsOptions tls) =>
    [
        new("secrets.key", options.KeyFile ?? Path.Combine(options.Data, "portal", "secrets.key")),
        new("portal.pem", Path.Combine(tls.Folder, "portal.pem")),
    ];

    private async Task WriteAsync(
        NpgsqlDataSource database, string file, string passphrase, List<BackupFile> files, CancellationToken cancellationToken)
    {
        var writer = new BackupWriter(database, MigrationSet.Embedded, TimeProvider.System);
        if (file == "-")
        {
            await using var standard = Console.OpenStandardOutput();
            await writer.WriteAsync(standard, passphrase, files, cancellationToken);
            return;
        }

        // Whole or not at all, and never over another.
        var path = Path.GetFullPath(file);
        var part = path + ".part";
        if (File.Exists(path))
        {
            throw new IOException($"'{path}' is there already; a backup overwrites nothing.");
        }

        string digest;
        try
        {
            var create = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.ReadWrite, UnixCreateMode = OwnerOnly };
            await using var target = new FileStream(part, create);
            await writer.WriteAsync(target, passphrase, files, cancellationToken);
            target.Flush(flushToDisk: true);
            target.Position = 0;
            digest = Convert.ToHexStringLower(await SHA256.HashDataAsync(target, cancellationToken));
        }
        catch
        {
            File.Delete(part);
            throw;
        }

        File.Move(part, path, overwrite: false);
        await output.WriteLineAsync($"{digest}  {file}");
    }

    private async Task RestoreAsync(
        NpgsqlDataSource database, string file, string passphrase, List<BackupFile> files, CancellationToken cancellationToken)
    {
        var reader = new BackupReader(
            database, new Migrator(database, MigrationSet.Embedded, NullLogger<Migrator>.Instance), MigrationSet.Embedded);
        await using var source = file == "-" ? Console.OpenStandardInput() : File.OpenRead(file);
        var made = await reader.RestoreAsync(source, passphrase, files, cancellationToken);
        var moment = made.ToString("u", CultureInfo.InvariantCulture);
        await output.WriteLineAsync($"Restored as of {moment}. Start the portal; everybody signs in again.");
    }

    private static async Task<string> ReadPassphraseAsync(string file, CancellationToken cancellationToken)
    {
        var passphrase = (await File.ReadAllTextAsync(file, cancellationToken)).TrimEnd('\r', '\n');
        return passphrase.Length >= ShortestPassphrase
            ? passphrase
            : throw new BackupException(
                $"The passphrase in '{file}' is shorter than {ShortestPassphrase} characters: it protects all of the portal's secrets.");
    }

    private static string Way(string command) => command == Backup ? "output" : "input";

    private async Task<int> FailAsync(string message)
    {
        await error.WriteLineAsync($"portal: {message}");
        return 1;
    }
}
