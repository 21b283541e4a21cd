using System.Diagnostics;
using System.Text;
using Portal.Testing;
using Portal.Testing.Processes;

namespace Portal.Engine.Api.Tests.Cli;

/// <summary>The stock <c>docker</c> program against one socket, with a configuration folder of its own.</summary>
internal sealed class DockerCli(string socket, string home)
{
    private static readonly TimeSpan s_deadline = TestSettings.Within(TimeSpan.FromSeconds(60));

    /// <summary>Runs it to its end with nothing as its input.</summary>
    public Task<ToolResult> RunAsync(params string[] arguments) => RunWithInputAsync("", arguments);

    /// <summary>Runs it, gives it some input and ends that.</summary>
    public async Task<ToolResult> RunWithInputAsync(string input, params string[] arguments)
    {
        using var process = Start("docker", arguments);
        return await FinishAsync(process, input, endInput: true);
    }

    /// <summary>Runs it and fails unless it exits with 0.</summary>
    /// <returns>Its output without white space around it.</returns>
    public async Task<string> GetAsync(params string[] arguments)
    {
        var result = await RunAsync(arguments);
        Assert.True(result.ExitCode == 0, $"docker {string.Join(' ', arguments)}: {result.ExitCode}: {result.Error}{result.Output}");
        return result.Output.Trim();
    }

    /// <summary>Runs it on a pseudo-terminal, which util-linux's script(1) makes, and types what is given.</summary>
    public async Task<ToolResult> RunOnTerminalAsync(string typed, params string[] arguments)
    {
        using var process = StartOnTerminal(arguments);
        return await FinishAsync(process, typed, endInput: false);
    }

    /// <summary>Starts it on a pseudo-terminal and leaves it to the caller.</summary>
    public Process StartOnTerminal(params string[] arguments)
    {
        var quoted = string.Join(' ', arguments.Select(argument => $"'{argument}'"));
        return Start("script", ["--quiet", "--return", "--flush", "--command", $"docker {quoted}", "/dev/null"]);
    }

    /// <summary>Starts it and leaves it to the caller.</summary>
    public Process Start(string program, string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["DOCKER_HOST"] = $"unix://{socket}", ["DOCKER_CONFIG"] = home, ["HOME"] = home },
        };
        start.Environment.Remove("DOCKER_CONTEXT");
        return Process.Start(start)!;
    }

    /// <summary>Gives it some input and waits for its end.</summary>
    public static async Task<ToolResult> FinishAsync(Process process, string input, bool endInput)
    {
        using var deadline = new CancellationTokenSource(s_deadline);
        var output = process.StandardOutput.ReadToEndAsync(deadline.Token);
        var error = process.StandardError.ReadToEndAsync(deadline.Token);
        try
        {
            await process.StandardInput.BaseStream.WriteAsync(Encoding.UTF8.GetBytes(input), deadline.Token);
            await process.StandardInput.BaseStream.FlushAsync(deadline.Token);
            if (endInput)
            {
                process.StandardInput.Close();
            }

            await process.WaitForExitAsync(deadline.Token);
            return new ToolResult(process.ExitCode, await output, await error);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"'{process.StartInfo.FileName} {string.Join(' ', process.StartInfo.ArgumentList)}' took over {s_deadline}.");
        }
    }
}
