namespace IpvsSync.Lab.Judge.Transitions;

/// <summary>Every transition of a state machine, measured and compared with the embedded director's.</summary>
internal static class TransitionTrial
{
    public static bool Run(StateMachine machine)
    {
        List<Cell> cells = [.. machine.Cells];
        ushort[] kernel = new Measurement(machine).Run(cells);
        int differ = 0;
        for (int i = 0; i < cells.Count; i++)
        {
            (ushort state, int signal, _) = cells[i];
            ushort ours = machine.Next(state, signal, cells[i].Path);
            if (ours == kernel[i]) continue;
            differ++;
            Console.WriteLine(
                $"DIFFERENT  {machine.StateName(state)}, {machine.Signals[signal]} on {cells[i].Path}: " +
                $"kernel {machine.StateName(kernel[i])}, ours {machine.StateName(ours)}");
        }

        Console.WriteLine($"{machine.Name}: {cells.Count} transitions, {differ} differ");
        return differ == 0;
    }
}
