using System.Diagnostics;
using System.Globalization;
using System.Text;
using Npgsql;
using Portal.Testing.Processes;

namespace Portal.Testing.Databases;

/// <summary>
/// A private PostgreSQL for the tests of one assembly: own folder, unix socket only, gone with the test process. Made when the first test asks.
/// </summary>
/// <remarks>
/// PostgreSQL refuses to run as root, so it runs as <c>postgres</c> through setpriv(1), below a shell that the kernel tells when the test process
/// ends in whatever way: it ends PostgreSQL in order, which takes its shared memory along, and removes the folder. The runner of the tests
/// leaves a test process no time for that. Folders of a machine that went down are removed by the next.
/// </remarks>
public sealed class PostgresCluster
{
    private const string FolderPrefix = "portal-pg-";

    // The folder, then PostgreSQL's words.
    private const string Keeper = """
        trap 'ended=1; [ -z "$child" ] || kill -QUIT $child' TERM
        "$@" & child=$!
        [ -z "$ended" ] || kill -QUIT $child
        wait $child
        wait $child
        rm -rf -- "$0"
        """;
    private static readonly TimeSpan s_startDeadline = TestSettings.Within(TimeSpan.FromSeconds(60));
    private static readonly Lazy<Task<PostgresCluster>> s_shared = new(StartAsync);
    private readonly string _folder;
    private readonly StringBuilder _errors = new();
    private Process? _process;
    private int _databases;

    private PostgresCluster(string folder) => _folder = folder;

    /// <summary>The assembly's cluster.</summary>
    public static Task<PostgresCluster> SharedAsync => s_shared.Value;

    /// <summary>Makes an empty database.</summary>
    /// <returns>Its connection string.</returns>
    public async Task<string> CreateDatabaseAsync()
    {
        var name = $"test_{Interlocked.Increment(ref _databases)}";
        await using var connection = new NpgsqlConnection(ConnectionString("postgres"));
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand($"create database {name}", connection);
        await command.ExecuteNonQueryAsync();
        return ConnectionString(name);
    }

    /// <summary>Removes a database, whoever is connected to it.</summary>
    public async Task DropDatabaseAsync(string connectionString)
    {
        var name = new NpgsqlConnectionStringBuilder(connectionString).Database;
        await using var connection = new NpgsqlConnection(ConnectionString("postgres"));
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand($"drop database if exists {name} with (force)", connection);
        await command.ExecuteNonQueryAsync();
    }

    private static async Task<PostgresCluster> StartAsync()
    {
        RemoveLeftovers();
        var folder = Directory.CreateTempSubdirectory($"{FolderPrefix}{Environment.ProcessId}-").FullName;
        await Tool.RunAsync("chown", "postgres:postgres", folder);
        await Tool.RunAsync(
            "setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups",
            Path.Combine(Binaries(), "initdb"), "--pgdata", Path.Combine(folder, "data"), "--auth=trust", "--username=postgres",
            "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync");
        var cluster = new PostgresCluster(folder);
        cluster.Launch();
        await cluster.WaitUntilReadyAsync();
        return cluster;
    }

    private void Launch()
    {
        var start = new ProcessStartInfo("setpriv", [
            "--reuid=postgres", "--regid=postgres", "--clear-groups", "--pdeathsig=TERM",
            "sh", "-c", Keeper, _folder, Path.Combine(Binaries(), "postgres"), "-D", Path.Combine(_folder, "data"), "-k", _folder,
            "-c", "listen_addresses=", "-c", "fsync=off", "-c", "full_page_writes=off", "-c", "synchronous_commit=off",
            "-c", "max_connections=300", "-c", "shared_buffers=64MB",
        ])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = "/",
        };
        using var started = new ManualResetEventSlim();

        // The kernel sends the parent-death signal when the thread that forked ends, so that thread must last as long as the process.
        var keeper = new Thread(() =>
        {
            _process = Process.Start(start)!;
            started.Set();
            _process.WaitForExit();
        }) { IsBackground = true, Name = "postgres keeper" };
        keeper.Start();
        started.Wait();
        _process!.OutputDataReceived += (_, _) => { };
        _process.ErrorDataReceived += (_, line) => _errors.AppendLine(line.Data);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    private async Task WaitUntilReadyAsync()
    {
        var deadline = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                await using var connection = new NpgsqlConnection(ConnectionString("postgres"));
                await connection.OpenAsync();
                return;
            }
            catch (NpgsqlException failure)
            {
                if (_process!.HasExited || deadline.Elapsed > s_startDeadline)
                {
                    throw new InvalidOperationException($"PostgreSQL did not start: {_errors}", failure);
                }

                await Task.Delay(20);
            }
        }
    }

    private string ConnectionString(string database) =>
        $"Host={_folder};Username=postgres;Database={database};Maximum Pool Size=40;Include Error Detail=true";

    private static string Binaries()
    {
        return Directory.GetDirectories("/usr/lib/postgresql")
            .Where(path => File.Exists(Path.Combine(path, "bin", "initdb")))
            .OrderByDescending(path => int.Parse(Path.GetFileName(path), CultureInfo.InvariantCulture))
            .Select(path => Path.Combine(path, "bin"))
            .FirstOrDefault() ?? throw new InvalidOperationException("PostgreSQL is not installed: apt-get install postgresql");
    }

    private static void RemoveLeftovers()
    {
        foreach (var folder in Directory.GetDirectories(Path.GetTempPath(), FolderPrefix + "*"))
        {
            var owner = Path.GetFileName(folder)[FolderPrefix.Length..].Split('-')[0];
            if (!Directory.Exists($"/proc/{owner}"))
            {
                TryRemove(folder);
            }
        }
    }

    private static void TryRemove(string folder)
    {
        try
        {
            Directory.Delete(folder, recursive: true);
        }
        catch (IOException)
        {
            // Its last processes still write, or another test process removes it too: the next run takes what stays.
        }
    }
}
