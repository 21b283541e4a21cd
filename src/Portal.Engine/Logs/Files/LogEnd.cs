namespace Portal.Engine.Logs.Files;

/// <summary>The end of a log at one moment: who does not follow it reads no further.</summary>
/// <param name="Number">The file that was written then.</param>
/// <param name="Offset">Bytes of whole lines in it.</param>
internal readonly record struct LogEnd(int Number, long Offset)
{
    /// <summary>The end now.</summary>
    public static LogEnd Of(LogFileSet files)
    {
        while (true)
        {
            var number = files.Current();
            using var file = files.OpenFrom(number);
            if (file is null)
            {
                return new LogEnd(number, 0);
            }

            if (file.Number == number)
            {
                return new LogEnd(number, file.LengthOfLines());
            }
        }
    }
}
