using System.Diagnostics;
using System.Text;

namespace Portal.Testing.Processes;

/// <summary>Runs a program to its end.</summary>
public static class Tool
{
    private static readonly TimeSpan s_deadline = TestSettings.Within(TimeSpan.FromMinutes(2));

    /// <summary>Runs a program and gives its standard output; fails when it exits with anything but 0.</summary>
    public static async Task<string> RunAsync(string program, params string[] arguments)
    {
        var result = await TryRunAsync(program, arguments);
        return result.ExitCode == 0
            ? result.Output
            : throw new InvalidOperationException(
                $"'{program} {string.Join(' ', arguments)}' exited with {result.ExitCode}: {result.Error}{result.Output}");
    }

    /// <summary>Runs a program and gives its outcome, whatever that is. A program that takes minutes is killed.</summary>
    public static async Task<ToolResult> TryRunAsync(string program, params string[] arguments)
    {
        using var process = new Process { StartInfo = Describe(program, arguments) };
        var output = new StringBuilder();
        var error = new StringBuilder();
        process.OutputDataReceived += (_, line) => Append(output, line.Data);
        process.ErrorDataReceived += (_, line) => Append(error, line.Data);
        process.Start();
        process.StandardInput.Close();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        using var deadline = new CancellationTokenSource(s_deadline);
        try
        {
            await process.WaitForExitAsync(deadline.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"'{program} {string.Join(' ', arguments)}' took over {s_deadline}.");
        }

        return new ToolResult(process.ExitCode, output.ToString(), error.ToString());
    }

    private static void Append(StringBuilder text, string? line)
    {
        if (line is not null)
        {
            text.Append(line).Append('\n');
        }
    }

    private static ProcessStartInfo Describe(string program, string[] arguments)
    {
        return new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
    }
}
