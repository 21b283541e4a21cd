using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Npgsql;
using Portal.Data.Backups;
using Portal.Data.Migrating;
using Portal.Web.Configuration;
using Portal.Web.Features.Backups.Making;
using Portal.Web.Nodes.Tls;

namespace Portal.Web.Backups;

/// <summary>
/// <c>backup FILE --passphrase-file FILE</c> and <c>restore FILE --passphrase-file FILE</c>, with the settings that the portal itself has.
/// <c>-</c> stands for standard output and input, so that any program can carry a backup elsewhere; <c>s3://BUCKET/NAME</c> for a storage.
/// </summary>
internal sealed class BackupCommand(TextWriter output, TextWriter error, Func<string, string?>? variable = null)
{
    private const string Backup = "backup";
    private const string Restore = "restore";
    private const int ShortestPassphrase = 12;
    private readonly Func<string, string?> _variable = variable ?? Environment.GetEnvironmentVariable;

    /// <summary>True when the words are a command of these.</summary>
    public static bool Is(string[] arguments) => arguments is [Backup or Restore, ..];

    /// <returns>The exit code: 0, or 1 after it has said what is wrong.</returns>
    public async Task<int> RunAsync(string[] arguments, CancellationToken cancellationToken)
    {
        if (arguments is not [var command, var file, "--passphrase-file", var passphraseFile, .. var flags])
        {
            return await FailAsync(
                $"Usage: {arguments[0]} FILE --passphrase-file FILE, and the portal's flags; "
                + $"'-' for standard {Way(arguments[0])}, 's3://BUCKET/NAME' for a storage.");
        }

        try
        {
            var passphrase = await ReadPassphraseAsync(passphraseFile, cancellationToken);
            var configuration = new ConfigurationManager();
            PortalConfiguration.Configure(configuration, flags);
            var options = ReadOptions(configuration);
            var files = PortalFiles.Of(options, PortalTlsOptions.From(configuration));
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

    private async Task WriteAsync(
        NpgsqlDataSource database, string file, string passphrase, IReadOnlyList<BackupFile> files, CancellationToken cancellationToken)
    {
        var writer = new BackupWriter(database, MigrationSet.Embedded, TimeProvider.System);
        if (file == "-")
        {
            await using var standard = Console.OpenStandardOutput();
            await writer.WriteAsync(standard, passphrase, files, cancellationToken);
            return;
        }

        var address = BackupAddress.Parse(file, _variable);
        using var store = address.Store;
        if (address.Name.Length == 0)
        {
            throw new BackupException($"'{file}' is a folder. Name the backup.");
        }

        var stored = await store.WriteAsync(
            address.Name, target => writer.WriteAsync(target, passphrase, files, cancellationToken), cancellationToken);
        await output.WriteLineAsync($"{stored.Digest}  {file}");
    }

    private async Task RestoreAsync(
        NpgsqlDataSource database, string file, string passphrase, IReadOnlyList<BackupFile> files, CancellationToken cancellationToken)
    {
        var reader = new BackupReader(
            database, new Migrator(database, MigrationSet.Embedded, NullLogger<Migrator>.Instance), MigrationSet.Embedded);
        var address = file == "-" ? null : BackupAddress.Parse(file, _variable);
        using var store = address?.Store;
        await using var source = address is null ? Console.OpenStandardInput() : await OpenAsync(address, cancellationToken);
        var made = await reader.RestoreAsync(source, passphrase, files, cancellationToken);
        var moment = made.ToString("u", CultureInfo.InvariantCulture);
        await output.WriteLineAsync($"Restored as of {moment}. Start the portal; everybody signs in again.");
    }

    // Whoever has lost the portal may not know what its backups are called.
    private static async Task<Stream> OpenAsync(BackupAddress address, CancellationToken cancellationToken)
    {
        if (address.Name.Length > 0)
        {
            return await address.Store.OpenAsync(address.Name, cancellationToken);
        }

        var names = await address.Store.ListAsync(cancellationToken);
        throw new BackupException(names.Count == 0
            ? $"There is no backup in {address.Store.Place}."
            : $"Name one of the backups in {address.Store.Place}, oldest first:\n{string.Join('\n', names.Select(name => "  " + name))}");
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
