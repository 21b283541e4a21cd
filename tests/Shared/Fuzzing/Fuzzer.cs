using System.Globalization;
using Xunit.Sdk;

namespace Portal.Testing.Fuzzing;

/// <summary>
/// Runs a test on many inputs that are spoiled at random, each from a seed of its own. The seeds are the same in each run; one that fails
/// is named, and runs alone with <c>PORTAL_FUZZ_SEED</c>. <c>PORTAL_FUZZ_ITERATIONS</c> raises the number of inputs.
/// A machine that is slow (<see cref="TestSettings.Patience"/>) tries fewer: what reads bytes is the same everywhere.
/// </summary>
public static class Fuzzer
{
    private const int MaxShown = 2000;

    /// <summary>Runs the body once for each seed, and fails with the seed when it fails.</summary>
    /// <param name="iterations">How many inputs in a usual run.</param>
    /// <param name="body">Makes an input with the mutator and tries it. It lets pass what may be thrown.</param>
    public static async Task RunAsync(int iterations, Func<Mutator, Task> body)
    {
        var seed = Read("PORTAL_FUZZ_SEED");
        var usual = (int)Math.Ceiling(iterations / TestSettings.Patience);
        var (first, count) = seed is null ? (0, Math.Max(usual, Read("PORTAL_FUZZ_ITERATIONS") ?? 0)) : (seed.Value, 1);
        for (var i = first; i < first + count; i++)
        {
            var mutator = new Mutator(i);
            try
            {
                await body(mutator);
            }
            catch (Exception failure)
            {
                throw new XunitException(
                    $"Input {i} of {count} fails; PORTAL_FUZZ_SEED={i} runs it alone. It is {Show(mutator.Last)}", failure);
            }
        }
    }

    /// <summary>As <see cref="RunAsync"/>, for what does not wait.</summary>
    public static void Run(int iterations, Action<Mutator> body)
    {
        RunAsync(iterations, mutator =>
        {
            body(mutator);
            return Task.CompletedTask;
        }).GetAwaiter().GetResult();
    }

    private static string Show(byte[] input)
    {
        var text = Convert.ToBase64String(input.AsSpan(0, Math.Min(input.Length, MaxShown)));
        return $"{input.Length} bytes, in base64 {text}";
    }

    private static int? Read(string name) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : null;
}
