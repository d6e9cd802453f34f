const Icon = ({ d, size = 20, bold = false }: { d: string; size?: number; bold?: boolean }) => (
  <svg
    class={bold ? 'icon is-bold' : 'icon'}
    width={size}
    height={size}
    viewBox="0 0 24 24"
    aria-hidden="true"
  >
    <path d={d} />
  </svg>
);

export const ChevronDown = () => <Icon d="m6 9 6 6 6-6" />;
export const Dots = () => <Icon bold d="M5 12h.01M12 12h.01M19 12h.01" />;
export const Arrow = () => <Icon d="M12 19V5m-6 6 6-6 6 6" />;
export const Clock = () => <Icon size={14} d="M12 7v5l3 2m6-2a9 9 0 1 1-18 0 9 9 0 0 1 18 0Z" />;
export const Tick = () => <Icon size={14} d="m5 13 4.5 4.5L19 7" />;
export const Ticks = () => <Icon size={14} d="m2 13 4.5 4.5L15 8m-3.5 8 1.5 1.5L22 8" />;
export const Warning = () => (
  <Icon
    size={14}
    d="M12 8v5m0 3.5v.01M10.3 3.9 2.4 18a2 2 0 0 0 1.7 3h15.8a2 2 0 0 0 1.7-3L13.7 3.9a2 2 0 0 0-3.4 0Z"
  />
);
export const Cloud = () => (
  <Icon
    size={16}
    d="m3 3 18 18M9 5.5A6 6 0 0 1 17.7 10a4.5 4.5 0 0 1 2.8 7.2M7 8.6A5.5 5.5 0 0 0 7.5 19H17"
  />
);
export const Star = () => (
  <svg class="star" width="30" height="30" viewBox="0 0 24 24" aria-hidden="true">
    <path d="m12 3.2 2.7 5.6 6.1.8-4.5 4.3 1.1 6.1-5.4-3-5.4 3 1.1-6.1L3.200 9.600l6.100-.8Z" />
  </svg>
);
export const Team = () => (
  <Icon d="M16 20v-1.500a4 4 0 0 0-4-4H7a4 4 0 0 0-4 4V20M9.500 10.500a3.500 3.500 0 1 0 0-7 3.500 3.500 0 0 0 0 7M21 20v-1.500a4 4 0 0 0-3-3.800M15.500 3.700a3.500 3.500 0 0 1 0 6.700" />
);
export const Bot = () => (
  <Icon d="M12 4v4M6 8h12a2 2 0 0 1 2 2v7a2 2 0 0 1-2 2H6a2 2 0 0 1-2-2v-7a2 2 0 0 1 2-2Zm3 5v.5m6-.5v.5" />
);
