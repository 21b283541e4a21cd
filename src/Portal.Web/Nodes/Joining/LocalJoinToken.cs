using System.Text;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using Portal.Web.Access;
using Portal.Web.Nodes.Storage;

namespace Portal.Web.Nodes.Joining;

/// <summary>
/// Writes a fresh one-use join token for the agent on this host to the file that <c>PORTAL_LOCAL_JOIN_TOKEN_FILE</c> names, so that
/// <c>./portal up</c> joins it like any remote one. The tokens of earlier starts are taken back.
/// </summary>
internal sealed partial class LocalJoinToken(
    IConfiguration configuration, INodeStore store, IJoinTokens tokens, TimeProvider time, ILogger<LocalJoinToken> logger)
    : BackgroundService
{
    private const string Note = "local agent";
    private static readonly TimeSpan s_retryDelay = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (configuration["PORTAL_LOCAL_JOIN_TOKEN_FILE"] is not { Length: > 0 } path)
        {
            return;
        }

        while (true)
        {
            try
            {
                await store.RevokeTokensAsync(Note, stoppingToken);
                var token = await tokens.CreateAsync(new NewJoinToken { Note = Note }, Actor.Portal, stoppingToken);
                await WriteAsync(path, token.Text, stoppingToken);
                return;
            }
            catch (Exception failure) when (failure is NpgsqlException or DbUpdateException or TimeoutException or IOException)
            {
                LogWaiting(failure);
                await Task.Delay(s_retryDelay, time, stoppingToken);
            }
        }
    }

    private static async Task WriteAsync(string path, string text, CancellationToken cancellationToken)
    {
        // Renamed into place: whoever waits for the file reads all of it.
        var temporary = path + ".new";
        File.Delete(temporary);
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        };
        await using (var file = new FileStream(temporary, options))
        {
            await file.WriteAsync(Encoding.ASCII.GetBytes(text + "\n"), cancellationToken);
        }

        File.Move(temporary, path, overwrite: true);
    }

    [LoggerMessage(
        2130, LogLevel.Warning, "The local join token could not be written, as the database does not answer or the file can't be made; it is tried again.")]
    private partial void LogWaiting(Exception failure);
}
